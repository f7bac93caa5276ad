// The streams' page, also where the server says less than it could.
import { newest } from "../server";
import assert from "node:assert/strict";
import { test } from "node:test";
import { streams } from "../../src/api/calls";
import { countOf, isSlow, keyOf, nameOf, viewersOf } from "../../src/pages/stream_names";

test("a source has a name that people know", () => {
  assert.equal(nameOf({ kind: "container", app: "shop", service: "web", replica: 2 }), "shop / web 2");
  assert.equal(nameOf({ kind: "container", app: "shop", service: "web" }), "shop / web");
  assert.equal(nameOf({ kind: "deploy", app: "shop" }), "Deploys of shop");
  assert.equal(nameOf({ kind: "process" }), "Process log");
});

test("what is missing is done without", () => {
  assert.equal(nameOf({ kind: "container", key: "container:501b" }), "container:501b");
  assert.equal(nameOf({}), "unnamed");
  assert.equal(keyOf({}, 3), "unnamed 3");
  assert.deepEqual(viewersOf({}), []);
  assert.deepEqual(viewersOf({ viewers: null as never }), []);
});

test("of each source the hundred viewers furthest behind are asked for", () => {
  void streams(100);
  assert.equal(newest("/api/system/streams?viewers=100").method, "GET");
});

test("a source counts all its viewers, also those that are not listed", () => {
  assert.equal(countOf({ viewer_count: 5000, viewers: [{}] }), 5000);
  assert.equal(countOf({ viewers: [{}, {}] }), 2);
});

test("a batch that is under way is worth a word from five seconds on", () => {
  assert.ok(isSlow({ writing_ms: 5000 }));
  for (const viewer of [{}, { writing_ms: null }, { writing_ms: 4999 }]) assert.ok(!isSlow(viewer));
});
