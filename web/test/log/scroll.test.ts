// The reader's place: it is kept, whatever happens around it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Scroll } from "../../src/log/view/scroll";

function filled(rows: number, height = 20): Scroll {
  const scroll = new Scroll();
  scroll.view = 400;
  for (let i = 0; i < rows; i++) scroll.heights.push(height);
  return scroll;
}
/** Where a row is on screen. */
const onScreen = (scroll: Scroll, place: number) =>
  scroll.heights.positionOf(place) - scroll.position;

/** Reads in the middle. */
function reading(rows: number): Scroll {
  const scroll = filled(rows);
  scroll.follow();
  scroll.scrolled(scroll.heights.bottom / 2);
  assert.equal(scroll.following, false);
  return scroll;
}

test("following shows the end, at every new row", () => {
  const scroll = filled(100);
  assert.equal(scroll.follow(), 1600);
  scroll.heights.push(20);
  assert.equal(scroll.follow(), 1620);
  assert.equal(onScreen(scroll, 100), 380);
});

test("scrolling up ends following, also by a pixel; scrolling to the end begins it again", () => {
  const scroll = filled(100);
  scroll.follow();
  scroll.scrolled(1599);
  assert.equal(scroll.following, false);
  scroll.scrolled(1400);
  scroll.scrolled(1500);
  assert.equal(scroll.following, false);
  scroll.scrolled(1600);
  assert.equal(scroll.following, true);
});

test("springing back from beyond the end, or a larger screen, is no scrolling up", () => {
  const scroll = filled(100);
  scroll.follow();
  scroll.scrolled(1650);
  scroll.scrolled(1600);
  assert.equal(scroll.following, true);
  scroll.view = 440;
  scroll.scrolled(1560);
  assert.equal(scroll.following, true);
});

test("its own writing is not taken for the reader's", () => {
  const scroll = filled(100);
  scroll.scrolled(scroll.follow()!);
  assert.equal(scroll.following, true);
});

test("new rows do not move a reader", () => {
  const scroll = reading(100);
  const before = onScreen(scroll, 60);
  for (let i = 0; i < 500; i++) scroll.heights.push(20);
  assert.equal(scroll.follow(), undefined);
  assert.equal(onScreen(scroll, 60), before);
});

test("trimmed rows do not move a reader, nor does the settling after it", () => {
  const scroll = reading(100);
  const before = onScreen(scroll, 60);
  assert.equal(scroll.cut(30), false);
  assert.equal(onScreen(scroll, 60), before);
  const written = scroll.settle();
  assert.equal(written, scroll.top);
  assert.equal(onScreen(scroll, 60), before);
  assert.equal(scroll.base, scroll.heights.top);
});

test("where the read rows themselves are trimmed, the oldest are shown, and that is said", () => {
  const scroll = reading(100);
  assert.equal(scroll.cut(90), true);
  assert.equal(onScreen(scroll, 90), 0);
});

test("a row above that turns out higher does not move what is on screen", () => {
  const scroll = reading(100);
  const before = onScreen(scroll, 60);
  scroll.measured(10, 200);
  assert.equal(onScreen(scroll, 60), before);
  const below = onScreen(scroll, 65);
  scroll.measured(62, 60);
  assert.equal(onScreen(scroll, 60), before);
  assert.equal(onScreen(scroll, 65), below + 40);
});

test("a row that is opened stays where it is, even if it begins above the screen", () => {
  const scroll = reading(100);
  const place = scroll.heights.placeAt(scroll.position);
  scroll.top += 5; // it begins a little above
  const before = onScreen(scroll, place);
  scroll.measured(place, 300, place);
  assert.equal(onScreen(scroll, place), before);
});

test("the start, with the notice before it", () => {
  const scroll = reading(100);
  scroll.lead = 20;
  scroll.cut(10);
  scroll.goTo(-Infinity);
  assert.equal(onScreen(scroll, 10), 20);
  assert.equal(scroll.top, 0);
});

test("a row is brought where it is wanted, but never beyond the ends", () => {
  const scroll = filled(100);
  scroll.follow();
  scroll.goTo(scroll.heights.positionOf(50), 100);
  assert.equal(onScreen(scroll, 50), 100);
  scroll.goTo(scroll.heights.positionOf(99), 100);
  assert.equal(onScreen(scroll, 99), 380);
  scroll.goTo(scroll.heights.positionOf(1), 100);
  assert.equal(onScreen(scroll, 1), 20);
});

test("when all heights are made anew, the row on screen stays", () => {
  const scroll = reading(100);
  const before = onScreen(scroll, 60);
  scroll.heights.reset(0);
  for (let i = 0; i < 100; i++) scroll.heights.push(i % 3 === 0 ? 60 : 20);
  scroll.restore(60, before);
  assert.equal(onScreen(scroll, 60), before);
});

test("a log higher than an area can be is read in parts, without a jump", () => {
  const scroll = filled(1_000_000);
  scroll.follow();
  assert.ok(scroll.area <= 8_000_000);
  assert.equal(onScreen(scroll, 999_999), 380);
  scroll.scrolled(scroll.top - 4_000_000);
  const place = scroll.heights.placeAt(scroll.position);
  const before = onScreen(scroll, place);
  scroll.settle();
  assert.equal(onScreen(scroll, place), before);
  scroll.goTo(-Infinity);
  assert.equal(onScreen(scroll, 0), 0);
});

test("fewer rows than fit begin at the top", () => {
  const scroll = filled(3);
  scroll.follow();
  assert.equal(onScreen(scroll, 0), 0);
  assert.equal(scroll.area, 400);
});
