// The rows on screen, on a page that is laid out nowhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../../src/log/row";
import { AllRows } from "../../src/log/store/list";
import { Store } from "../../src/log/store/store";
import { LogList } from "../../src/log/view/log_list";
import { fakePage } from "./page";

const row: Row = { kind: "line", text: "x", ts: "", stream: "", action: "", level: "" };

/** Rows of which it is counted how often they are asked for. */
class Counted extends AllRows {
  asked = 0;
  override numberAt(place: number): number | undefined {
    this.asked++;
    return super.numberAt(place);
  }
}

test("rows that came and went while nobody looked cost nothing", () => {
  const page = fakePage();
  const store = new Store({ rows: 100, bytes: 1e12 });
  const rows = new Counted(store);
  const scroller = page.element();
  const list = new LogList(scroller, store, rows, { wrap: false, zone: "off", pattern: undefined });
  for (let i = 0; i < 50; i++) store.append(row);
  list.frame();
  for (let i = 0; i < 10_000; i++) store.append(row);
  rows.asked = 0;
  list.frame();
  assert.ok(rows.asked < 500, `${rows.asked} asked for`);
  const drawn = scroller.all(".log-line").map((one) => Number(one.dataset["number"]));
  assert.equal(Math.max(...drawn), 10_049);
  assert.ok(Math.min(...drawn) >= 9950);
});

test("who read what was trimmed meanwhile is told, and sees the oldest there is", () => {
  const page = fakePage();
  const store = new Store({ rows: 100, bytes: 1e12 });
  const scroller = page.element();
  const look = { wrap: false, zone: "off", pattern: undefined } as const;
  const list = new LogList(scroller, store, new AllRows(store), look);
  let told = 0;
  list.onReadPartTrimmed = () => told++;
  for (let i = 0; i < 100; i++) store.append(row);
  list.scroll.following = false;
  list.frame();
  for (let i = 0; i < 10_000; i++) store.append(row);
  list.frame();
  assert.equal(told, 1);
  assert.equal(list.firstOnScreen, 10_000);
});
