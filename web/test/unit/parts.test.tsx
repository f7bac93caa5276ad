// The small parts of the pages.
import { click, find, screen, settle, show } from "../dom";
import { newest } from "../server";
import { pass } from "../clock";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Time } from "../../src/parts/basics";
import { Download } from "../../src/parts/download";
import { Viewers } from "../../src/pages/stream_viewers";

test("what has just happened is not in the future, also between two ticks of the page's clock", async () => {
  const at = () => new Date(Date.now()).toISOString();
  await show(<Time at={at()} />);
  await settle(() => pass(9000));
  await show(<Time at={at()} />);
  assert.equal(screen.body.textContent, "just now");
});

test("times grow old by themselves", async () => {
  await settle(() => pass(10_000));
  assert.match(screen.body.textContent, /^1\d seconds ago$/);
});

test("a file that cannot be had is told in words, where it was asked for", async () => {
  await show(
    <Download path="/api/apps/shop/deploys/1/log" name="shop-1.ndjson">
      NDJSON
    </Download>,
  );
  await click(find("a", "NDJSON"));
  await settle(() => newest("/api/apps/shop/deploys/1/log").answer(404, { error: "no such deploy" }));
  assert.equal(screen.body.querySelector('[role="alert"]')!.textContent, "No such deploy.");
});

test("a file that can be had is saved under its name", async () => {
  const saved: unknown[] = [];
  const create = document.createElement.bind(document);
  document.createElement = ((name: string) =>
    Object.assign(create(name), {
      click(this: HTMLAnchorElement) {
        saved.push(this.download, this.href);
      },
    })) as typeof document.createElement;
  URL.createObjectURL = (blob) => `blob:${(blob as Blob).size}`;
  URL.revokeObjectURL = () => {};
  await click(find("a", "NDJSON"));
  await settle(() =>
    newest("/api/apps/shop/deploys/1/log").answer(200, new Response('{"done": true}\n')),
  );
  document.createElement = create as typeof document.createElement;
  assert.deepEqual(saved, ["shop-1.ndjson", "blob:15"]);
  assert.equal(screen.body.querySelector('[role="alert"]'), null);
});

test("of more viewers than are listed it is said which these are", async () => {
  const viewers = [{ user: "ann", lag_lines: 70_000, writing_ms: 7000 }, { user: "vic", lag_lines: 1 }];
  await show(<Viewers viewers={viewers} all={5000} of="shop / web" />);
  assert.match(screen.body.textContent, /70,000 lines/);
  assert.match(screen.body.textContent, /last batch under way for 7 s/);
  assert.match(screen.body.textContent, /2 of 5,000 viewers: those furthest behind\./);
});
