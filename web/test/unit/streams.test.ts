// The streams' page, also where the server says less than it could.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, furthestBehind, isStuck, keyOf, nameOf, viewersOf } from "../../src/pages/stream_names";

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

test("of very many viewers those furthest behind are shown, the worst first", () => {
  const viewers = [{ lag_lines: 1 }, { lag_lines: 30 }, {}, { lag_bytes: 7 }];
  assert.equal(furthestBehind(viewers, 4), viewers);
  assert.deepEqual(furthestBehind(viewers, 2), [{ lag_lines: 30 }, { lag_bytes: 7 }]);
});

test("a source counts all its viewers, also those that are not listed", () => {
  assert.equal(countOf({ viewer_count: 5000, viewers: [{}] }), 5000);
  assert.equal(countOf({ viewers: [{}, {}] }), 2);
});

test("a socket is stuck from a second on", () => {
  assert.ok(isStuck({ writing_ms: 1000 }));
  for (const viewer of [{}, { writing_ms: null }, { writing_ms: 999 }]) assert.ok(!isStuck(viewer));
});
