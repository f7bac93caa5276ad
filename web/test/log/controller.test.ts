// The log and its view together, on a page that is laid out nowhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogController } from "../../src/log/model/controller";
import { noFilter } from "../../src/log/model/filter";
import type { LogSource } from "../../src/log/source";
import { pass } from "../clock";
import { type FakeElement, fakePage } from "./page";
import { World } from "./world";

const container: LogSource = { kind: "container", app: "shop", service: "web" };
const stamp = (second: number) => `2026-04-17T10:15:${String(second).padStart(2, "0")}.000000000Z`;

function begin(source = container, at?: string) {
  const page = fakePage();
  const world = new World();
  const look = { wrap: false, zone: "off" } as const;
  const events = { ended() {}, signedOut() {} };
  const controller = new LogController(source, at, look, events, world);
  const scroller = page.element();
  controller.attach(scroller);
  world.last.onopen!();
  const send = (line: string, second = 1) =>
    world.last.onmessage!({ data: JSON.stringify({ ts: stamp(second), stream: "stdout", line }) });
  const find = (text: string) => {
    controller.setQuery({ text, regex: false, matchCase: true });
    page.frame();
  };
  /** The element of a row; undefined where it is not drawn. */
  const row = (number: number): FakeElement | undefined =>
    scroller.all(".log-row").find((one) => one.dataset["number"] === String(number));
  return { page, world, controller, scroller, send, find, row, end: () => controller.detach() };
}

test("who follows again after a link is not kept from what comes", (t) => {
  const { page, controller, send, end } = begin(container, stamp(3));
  t.after(end);
  for (let second = 1; second < 8; second++) send(`line ${second}`, second);
  page.frame();
  assert.equal(controller.marks.current, 2);
  assert.equal(controller.session.held, 2);
  controller.following = true;
  page.frame();
  assert.equal(controller.session.held, undefined);
});

test("a linked line may come late, as long as others still come", (t) => {
  const { page, controller, send, end } = begin(container, stamp(30));
  t.after(end);
  for (let second = 1; second < 20; second++) {
    send(`line ${second}`, second);
    page.frame();
    pass(2000);
  }
  assert.equal(controller.snapshot().hint, "");
  send("the one", 30);
  page.frame();
  assert.equal(controller.marks.current, 19);
});

test("a linked line that does not come is told to be missing", (t) => {
  const { page, controller, send, end } = begin(container, stamp(30));
  t.after(end);
  send("line", 1);
  page.frame();
  pass(5000);
  assert.match(controller.snapshot().hint, /not in this log/);
});

test("marked lines are copied and unmarked as they are marked, not as they are shown", (t) => {
  const { page, controller, send, end } = begin();
  t.after(end);
  for (let i = 0; i < 5; i++) send(`line ${i}`);
  page.frame();
  assert.deepEqual([...controller.chosenOrAll()], [0, 1, 2, 3, 4]);
  assert.equal(controller.unmark(), false);
  controller.mark(1);
  controller.mark(3, true);
  assert.deepEqual([...controller.chosenOrAll()], [1, 2, 3]);
  assert.equal(controller.snapshot().marked, 3);
  assert.equal(controller.unmark(), true);
  assert.deepEqual([...controller.chosenOrAll()], [0, 1, 2, 3, 4]);
});

test("of marked lines those that the filter shows are counted", (t) => {
  const { page, controller, send, end } = begin();
  t.after(end);
  for (let i = 0; i < 5; i++) send(i % 2 ? "WARN odd" : "even");
  controller.setFilter({ ...noFilter, level: "warn" });
  page.frame();
  controller.mark(0);
  controller.mark(3, true);
  assert.equal(controller.snapshot().marked, 2);
});

test("the line that a key leads to is said", (t) => {
  const { page, controller, send, find, end } = begin();
  t.after(end);
  for (let i = 0; i < 5; i++) send(`\x1b[31mline\x1b[0m ${i % 2}`);
  page.frame();
  controller.moveMark(1);
  assert.equal(controller.snapshot().said, "Line 1: line 0");
  controller.moveMark(1);
  assert.equal(controller.snapshot().said, "Line 2: line 1");
  find("line 1");
  controller.step(1);
  assert.equal(controller.snapshot().said, "2 of 2: line 1");
  find("no such");
  controller.step(1);
  assert.equal(controller.snapshot().said, "No match");
});

test("a match in a long line on screen is shown, though the line was cut before it", (t) => {
  const { page, controller, send, find, row, end } = begin();
  t.after(end);
  send(`${"x".repeat(20_000)}needle${"x".repeat(20_000)}`);
  find("needle");
  assert.equal(row(0)!.all("mark").length, 0);
  controller.step(1);
  page.frame();
  assert.equal(row(0)!.all("mark").length, 1);
});

test("a match beyond the edge of the screen is scrolled to, one that is seen is not", (t) => {
  const { page, controller, scroller, send, find, row, end } = begin();
  t.after(end);
  send("a needle");
  find("needle");
  controller.step(1);
  page.frame();
  assert.equal(scroller.scrollLeft, 0);
  row(0)!.all("mark")[0]!.rectangle = { left: 5000, right: 5050, top: 0, bottom: 20, width: 50, height: 20 };
  controller.step(1);
  page.frame();
  assert.equal(Math.round(scroller.scrollLeft), Math.round(5000 - 800 / 3));
});

test("a long line that is shown is not written again at every frame", (t) => {
  const { page, controller, send, row, end } = begin();
  t.after(end);
  send("x".repeat(20_000));
  page.frame();
  const note = row(0)!.all(".log-elsewhere")[0]!;
  const before = note.written;
  for (let i = 0; i < 10; i++) {
    controller.touch();
    page.frame();
  }
  assert.equal(note.written, before);
});
