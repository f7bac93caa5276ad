// What a screen reader is told, and what it is spared.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "../../src/log/model/controller";
import { Announcements } from "../../src/log/ui/announcements";

const still = {
  hint: "",
  said: "",
  search: undefined,
  following: true,
  fresh: 0,
} as unknown as Snapshot;
const found = (turn: number, count: number, busy = false) =>
  ({ turn, count, position: undefined, busy, partial: false }) as const;

/** What is told in so many seconds, and when; each second `now` says how things are. */
function told(seconds: number, now: (second: number) => Partial<Snapshot>): [number, string][] {
  const announcements = new Announcements();
  const all: [number, string][] = [];
  let before = "";
  for (let second = 0; second <= seconds; second++) {
    const text = announcements.next({ ...still, ...now(second) }, 1000 + second * 1000);
    if (text !== before && text !== "") all.push([second, text]);
    before = text;
  }
  return all;
}

test("of lines that come while the end is followed nothing is told", () => {
  assert.deepEqual(told(600, (second) => ({ fresh: second, following: true })), []);
});

test("who has stopped is told of new lines, more and more seldom", () => {
  const all = told(3600, (second) => ({ following: second === 0, fresh: second * 7 }));
  assert.deepEqual(all[0], [5, "35 new lines"]);
  assert.deepEqual(all.map(([second]) => second).slice(0, 4), [5, 15, 35, 75]);
  assert.ok(all.length < 12, `${all.length}`);
});

test("where nothing has come nothing is told", () => {
  assert.deepEqual(told(100, (second) => ({ following: second === 0 })), []);
});

test("a search is told once, when it is through, however much is found later", () => {
  const all = told(60, (second) => ({ search: found(1, second * 10, second < 3) }));
  assert.deepEqual(all, [[3, "30 lines"]]);
});

test("what is still typed is not told, what is wrong with it is", () => {
  const all = told(20, (second) => ({
    search: second < 10 ? found(second, 0) : { turn: 10, problem: "a group is not closed" },
  }));
  assert.deepEqual(all, [[11, "a group is not closed"]]);
  assert.deepEqual(told(5, () => ({ search: found(7, 0) })), [[1, "No match"]]);
});

test("the line that a key led to is told, and what came of a command", () => {
  const all = told(9, (second) => ({
    said: second < 2 ? "" : second < 4 ? "Line 1: x" : "Line 2: x",
    hint: second < 6 ? "" : second < 8 ? "Line copied." : "",
  }));
  assert.deepEqual(all, [
    [2, "Line 1: x"],
    [4, "Line 2: x"],
    [6, "Line copied."],
  ]);
});
