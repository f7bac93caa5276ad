// Once a frame, and in a hidden tab by a timer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ticker } from "../../src/log/store/ticker";

function frames() {
  const waiting = {
    frame: undefined as (() => void) | undefined,
    timer: undefined as (() => void) | undefined,
  };
  return {
    waiting,
    request: (then: () => void) => ((waiting.frame = then), 1),
    cancel: () => void (waiting.frame = undefined),
    after: (_: number, then: () => void) => (
      (waiting.timer = then),
      () => void (waiting.timer = undefined)
    ),
  };
}

test("however often it is asked, it ticks once a frame", () => {
  const by = frames();
  let ticks = 0;
  const ticker = new Ticker(() => ticks++, by);
  ticker.request();
  ticker.request();
  by.waiting.frame!();
  assert.equal(ticks, 1);
  assert.equal(by.waiting.timer, undefined);
  ticker.request();
  assert.ok(by.waiting.frame);
});

test("where there are no frames the timer ticks", () => {
  const by = frames();
  let ticks = 0;
  new Ticker(() => ticks++, by).request();
  by.waiting.timer!();
  assert.equal(ticks, 1);
  assert.equal(by.waiting.frame, undefined);
});
