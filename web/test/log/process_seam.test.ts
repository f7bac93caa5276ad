// The server's own log: its ring comes again at every connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ProcessSeam } from "../../src/log/seam/process";

/** What a connection shows; "(gap)" before lines that join nothing. */
function connect(seam: ProcessSeam, ring: string[]): string[] {
  const shown: string[] = [];
  const show = ({ lines, gap }: { lines: string[]; gap: boolean }) => {
    if (gap) shown.push("(gap)");
    shown.push(...lines);
  };
  seam.begin();
  for (const line of ring) show(seam.take(line));
  show(seam.giveUp());
  return shown;
}

test("at first all is new, without a gap", () => {
  assert.deepEqual(connect(new ProcessSeam(), ["a", "b"]), ["a", "b"]);
});

test("the overlap of the ring with what was had is skipped", () => {
  const seam = new ProcessSeam();
  connect(seam, ["a", "b", "c"]);
  assert.deepEqual(connect(seam, ["b", "c", "d"]), ["d"]);
  assert.deepEqual(connect(seam, ["c", "d"]), []);
});

test("the same line again and again is had as often as it was", () => {
  const seam = new ProcessSeam();
  connect(seam, ["x", "x"]);
  assert.deepEqual(connect(seam, ["x", "x", "x"]), ["x"]);
});

test("a ring that joins nothing is shown whole, after a gap", () => {
  const seam = new ProcessSeam();
  connect(seam, ["a", "b"]);
  assert.deepEqual(connect(seam, ["y", "z"]), ["(gap)", "y", "z"]);
});

test("what begins like what was had and goes on otherwise is another server's", () => {
  const seam = new ProcessSeam();
  connect(seam, ["a", "b", "c"]);
  assert.deepEqual(connect(seam, ["b", "x"]), ["(gap)", "b", "x"]);
});

test("lines are kept back while a place may still be right", () => {
  const seam = new ProcessSeam();
  connect(seam, ["a", "b", "c"]);
  seam.begin();
  assert.deepEqual(seam.take("b").lines, []);
  assert.ok(seam.keepsBack());
  assert.deepEqual(seam.take("c").lines, []);
  assert.ok(!seam.keepsBack());
  assert.deepEqual(seam.take("d"), { lines: ["d"], gap: false });
});

test("after skipped lines nothing is compared with what was before them", () => {
  const seam = new ProcessSeam();
  seam.begin();
  seam.take("a");
  seam.noteGap();
  seam.take("c");
  assert.deepEqual(connect(seam, ["b", "c", "d"]), ["(gap)", "b", "c", "d"]);
  assert.deepEqual(connect(seam, ["c", "d", "e"]), ["e"]);
});
