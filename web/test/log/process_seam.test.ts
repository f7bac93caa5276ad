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

/** Of a to g, c and d were skipped. */
function skipping(...after: string[]): ProcessSeam {
  const seam = new ProcessSeam();
  connect(seam, ["a", "b"]);
  seam.noteGap(2);
  for (const line of after) seam.take(line);
  return seam;
}

test("lines that were skipped stay so, and the others do not come twice", () => {
  const ring = ["a", "b", "c", "d", "e", "f", "g"];
  for (const first of [0, 1, 2, 3, 4, 5])
    assert.deepEqual(connect(skipping("e", "f"), ring.slice(first)), ["g"], `from ${first}`);
  assert.deepEqual(connect(skipping("e", "f"), ["x", "y", "z"]), ["(gap)", "x", "y", "z"]);
  const seam = skipping("e", "f");
  assert.deepEqual(connect(seam, ring), ["g"]);
  assert.deepEqual(connect(seam, ring), []);
});

test("where all that came after a skip is the skip, only what was before it tells the place", () => {
  assert.deepEqual(connect(skipping(), ["b", "c", "d", "e"]), ["e"]);
  assert.deepEqual(connect(skipping(), ["c", "d", "e"]), ["(gap)", "c", "d", "e"]);
});

test("a skip of more than is remembered is no more than that", () => {
  const seam = new ProcessSeam(10);
  connect(seam, ["a", "b"]);
  seam.noteGap(1e12);
  for (const line of ["c", "d"]) seam.take(line);
  assert.deepEqual(connect(seam, ["x", "c", "d", "e"]), ["e"]);
});
