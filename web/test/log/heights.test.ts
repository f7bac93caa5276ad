// Where rows begin, whatever was measured and cut off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Heights } from "../../src/log/view/heights";

/** The same, slowly. */
class Slow {
  heights: number[] = [];
  first = 0;
  positionOf(place: number) {
    return this.heights.slice(0, place).reduce((sum, height) => sum + height, 0);
  }
  placeAt(position: number) {
    for (let place = this.first; place < this.heights.length; place++)
      if (position < this.positionOf(place + 1)) return place;
    return this.heights.length - 1;
  }
}

test("fixed heights", () => {
  const heights = new Heights();
  for (let i = 0; i < 2000; i++) heights.push(20);
  assert.equal(heights.bottom, 40_000);
  assert.equal(heights.positionOf(1500), 30_000);
  assert.equal(heights.placeAt(30_000), 1500);
  assert.equal(heights.placeAt(29_999), 1499);
  assert.equal(heights.placeAt(-5), 0);
  assert.equal(heights.placeAt(1e9), 1999);
});

test("any heights, measured and cut off in any order, are as if added up", () => {
  const heights = new Heights();
  const slow = new Slow();
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < 40; i++) {
      const height = 20 * (1 + random(5));
      heights.push(height);
      slow.heights.push(height);
    }
    for (let i = 0; i < 10; i++) {
      const place = slow.first + random(slow.heights.length - slow.first);
      const height = random(300);
      heights.set(place, height);
      slow.heights[place] = height;
    }
    slow.first = Math.min(slow.first + random(30), slow.heights.length);
    heights.cutBefore(slow.first);
    for (let i = 0; i < 10; i++) {
      const place = slow.first + random(slow.heights.length - slow.first);
      assert.equal(heights.positionOf(place), slow.positionOf(place));
      const position = slow.positionOf(place) + (slow.heights[place]! > 0 ? 1 : 0);
      assert.equal(heights.placeAt(position), slow.placeAt(position));
    }
    assert.equal(heights.top, slow.positionOf(slow.first));
    assert.equal(heights.bottom, slow.positionOf(slow.heights.length));
  }
});

test("nothing moves when the front is cut off", () => {
  const heights = new Heights();
  for (let i = 0; i < 1000; i++) heights.push(20);
  const before = heights.positionOf(900);
  heights.cutBefore(800);
  assert.equal(heights.positionOf(900), before);
  assert.equal(heights.top, 16_000);
  heights.cutBefore(1000);
  assert.equal(heights.top, heights.bottom);
});

test("rows that came and went without a height are passed over", () => {
  const heights = new Heights();
  for (let i = 0; i < 700; i++) heights.push(20);
  heights.cutBefore(5_000_000);
  assert.deepEqual([heights.first, heights.end], [5_000_000, 5_000_000]);
  assert.equal(heights.top, heights.bottom);
  for (let i = 0; i < 600; i++) heights.push(10);
  assert.equal(heights.positionOf(5_000_550), heights.top + 5500);
  assert.equal(heights.placeAt(heights.top + 5500), 5_000_550);
});

test("a list that begins in the middle", () => {
  const heights = new Heights();
  heights.reset(5000);
  for (let i = 0; i < 600; i++) heights.push(10);
  assert.deepEqual([heights.first, heights.end, heights.placeAt(5120)], [5000, 5600, 5512]);
});
