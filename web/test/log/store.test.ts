// What is kept, what is let go, and what is found in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Row, bytesOf } from "../../src/log/row";
import { Chunks } from "../../src/log/store/chunks";
import { AllRows, Matching } from "../../src/log/store/list";
import { Store } from "../../src/log/store/store";

const row = (text: string): Row => ({
  kind: "line",
  text,
  ts: "",
  stream: "",
  action: "",
  level: "",
});
const filled = (count: number, limits = { rows: 1e9, bytes: 1e12 }) => {
  const store = new Store(limits);
  for (let i = 0; i < count; i++) store.append(row(`line ${i}`));
  return store;
};
const never = () => false;

test("a sequence keeps its numbers while its front is cut off", () => {
  const chunks = new Chunks<number>();
  for (let i = 0; i < 5000; i++) chunks.push(i);
  chunks.cutBefore(3000);
  for (let i = 5000; i < 6000; i++) chunks.push(i);
  assert.equal(chunks.at(2999), undefined);
  for (let i = 3000; i < 6000; i++) assert.equal(chunks.at(i), i);
  assert.equal(chunks.length, 3000);
});

test("everything can be cut off, and it goes on", () => {
  for (const count of [1024, 1500, 2048]) {
    const chunks = new Chunks<number>();
    for (let i = 0; i < count; i++) chunks.push(i);
    chunks.cutBefore(count);
    chunks.push(count);
    assert.deepEqual([chunks.first, chunks.at(count)], [count, count]);
  }
});

test("what is cut off is kept nowhere, also where only a part of a piece is", () => {
  const chunks = new Chunks<string>();
  for (let i = 0; i < 3000; i++) chunks.push(`<${i}>`);
  for (const cut of [1, 500, 1023, 1024, 1030, 2500]) {
    chunks.cutBefore(cut);
    const kept = JSON.stringify(chunks);
    assert.ok(!kept.includes(`<${cut - 1}>`), `${cut - 1}`);
    assert.ok(kept.includes(`<${cut}>`), `${cut}`);
    assert.equal(chunks.at(cut), `<${cut}>`);
  }
});

test("the oldest rows go where there are too many", () => {
  const store = filled(250, { rows: 100, bytes: 1e12 });
  assert.deepEqual([store.first, store.end, store.length], [150, 250, 100]);
  assert.equal(store.at(149), undefined);
  assert.equal(store.at(150)!.text, "line 150");
});

test("the oldest rows go where they are too large, and the bytes are right", () => {
  const store = new Store({ rows: 1e9, bytes: 10_000 });
  let largest = 0;
  for (let i = 0; i < 1000; i++) {
    store.append(row("x".repeat(i % 300)));
    largest = Math.max(largest, store.bytes);
  }
  assert.ok(largest <= 10_000);
  let bytes = 0;
  for (let i = store.first; i < store.end; i++) bytes += bytesOf(store.at(i)!);
  assert.equal(store.bytes, bytes);
});

test("one row that is larger than all that may be kept is kept alone", () => {
  const store = filled(5, { rows: 10, bytes: 2000 });
  store.append(row("x".repeat(5000)));
  assert.deepEqual([store.first, store.length], [5, 1]);
});

test("text beyond Latin-1 counts double", () => {
  assert.equal(bytesOf(row("日本")) - bytesOf(row("")), 4);
  assert.equal(bytesOf(row("é")) - bytesOf(row("")), 1);
});

test("a filter finds what was there and what comes", () => {
  const store = filled(30);
  const list = new Matching(store, ({ text }) => text.endsWith("7"));
  list.advance(never);
  assert.deepEqual([list.numberAt(0), list.numberAt(1), list.numberAt(2)], [7, 17, 27]);
  for (let i = 30; i < 50; i++) store.append(row(`line ${i}`));
  assert.ok(!list.caughtUp);
  list.advance(never);
  assert.equal(list.length, 5);
  assert.equal(list.placeOf(18), 2);
  assert.ok(list.has(17) && !list.has(18));
});

test("a filter lets go of what the store lets go of", () => {
  const store = filled(0, { rows: 20, bytes: 1e12 });
  const list = new Matching(store, ({ text }) => text.endsWith("7"));
  for (let i = 0; i < 100; i++) {
    store.append(row(`line ${i}`));
    list.advance(never);
  }
  assert.deepEqual([list.first, list.end], [8, 10]);
  assert.equal(list.numberAt(list.first), 87);
});

test("a filter stops when its time is up, and goes on from there", () => {
  const store = filled(5000);
  const list = new Matching(store, () => true);
  let slices = 0;
  while (!list.caughtUp) {
    list.advance(() => true);
    slices++;
  }
  assert.ok(slices > 1000, `${slices} slices`);
  assert.equal(list.length, 5000);
});

test("after a row that may have taken long the time is looked at", () => {
  const store = new Store();
  for (let i = 0; i < 3; i++) store.append(row("x".repeat(1000)));
  const list = new Matching(store, () => true);
  list.advance(() => true);
  assert.equal(list.length, 1);
});

test("a filter that fell behind what was let go begins at what is left", () => {
  const store = filled(10, { rows: 10, bytes: 1e12 });
  const list = new Matching(store, () => true);
  for (let i = 10; i < 40; i++) store.append(row(`line ${i}`));
  list.advance(never);
  assert.equal(list.numberAt(list.first), 30);
});

test("all rows are their own places", () => {
  const store = filled(30, { rows: 10, bytes: 1e12 });
  const list = new AllRows(store);
  assert.deepEqual([list.first, list.end, list.placeOf(5), list.numberAt(25)], [20, 30, 20, 25]);
  assert.equal(list.numberAt(5), undefined);
});
