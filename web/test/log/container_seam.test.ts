// A container's log across reconnects: no line twice, none left out, and gaps are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ContainerSeam } from "../../src/log/seam/container";

type Line = [ts: string, stream: string, text: string];
const at = (nanos: number, text = `line ${nanos}`, stream = "stdout"): Line => [
  `2026-04-17T10:15:01.${String(nanos).padStart(9, "0")}Z`,
  stream,
  text,
];

/** A connection as the server makes one: the first line of `since` or later, and all after it. */
function connect(seam: ContainerSeam, log: Line[]): string[] {
  const since = seam.since();
  const first = log.findIndex(([ts]) => since === undefined || ts >= since);
  return receive(seam, first < 0 ? [] : log.slice(first));
}

/** A connection that reads further back: Docker leaves out every line that is older than `since`. */
function connectToHistory(seam: ContainerSeam, log: Line[]): string[] {
  const since = seam.since()!;
  return receive(seam, log.filter(([ts]) => ts >= since));
}

function receive(seam: ContainerSeam, lines: Line[]): string[] {
  seam.begin();
  return lines
    .map((line) => [seam.take(...line), line[2]] as const)
    .filter(([arrival]) => arrival !== "had")
    .map(([arrival, text]) => (arrival === "new" ? text : `(gap) ${text}`));
}

test("nothing is asked for before the first line", () => {
  assert.equal(new ContainerSeam().since(), undefined);
});

test("a reconnect brings what is new, and nothing twice", () => {
  const seam = new ContainerSeam();
  const log = [at(1), at(2), at(3)];
  assert.deepEqual(connect(seam, log), ["line 1", "line 2", "line 3"]);
  assert.deepEqual(connect(seam, log), []);
  assert.deepEqual(connect(seam, [...log, at(4)]), ["line 4"]);
});

test("lines of the same time are each had as often as they came", () => {
  const seam = new ContainerSeam();
  const twice = [at(5, "same"), at(5, "same")];
  assert.deepEqual(connect(seam, twice), ["same", "same"]);
  assert.deepEqual(connect(seam, [...twice, at(5, "same")]), ["same"]);
  assert.deepEqual(connect(seam, [...twice, at(5, "same")]), []);
});

test("the stream and the text tell lines of the same time apart", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(5, "x")]);
  assert.deepEqual(connect(seam, [at(5, "x"), at(5, "x", "stderr"), at(5, "y")]), ["x", "y"]);
});

test("times that differ by a nanosecond differ", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(100, "x")]);
  assert.deepEqual(connect(seam, [at(101, "x")]), ["(gap) x"]);
});

test("the same text on the other stream is another line", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(99), at(100, "x")]);
  assert.deepEqual(connect(seam, [at(100, "x", "stderr")]), ["(gap) x"]);
});

test("a line that was stored late, with an older time, is not lost", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(100), at(900)]);
  assert.deepEqual(connect(seam, [at(100), at(900), at(500, "late")]), ["late"]);
});

const second = (at: number, text: string): Line => [
  `2026-04-17T10:15:0${at}.000000000Z`,
  "stdout",
  text,
];
/** The line of the 3rd second was stored among those of the 5th. */
const disordered = [second(1, "a"), second(5, "b"), second(3, "late"), second(5, "c")];

test("a line with a much older time that was stored among newer ones is not shown twice", () => {
  const seam = new ContainerSeam();
  assert.deepEqual(connect(seam, disordered), ["a", "b", "late", "c"]);
  assert.deepEqual(connect(seam, disordered), []);
  assert.deepEqual(connect(seam, [...disordered, second(6, "d")]), ["d"]);
});

test("a line that was expected and does not come takes no other one away", () => {
  const seam = new ContainerSeam();
  connect(seam, disordered);
  const log = [...disordered, second(5, "late"), second(6, "d")];
  assert.deepEqual(connectToHistory(seam, log), ["late", "d"]);
  assert.deepEqual(connectToHistory(seam, log), []);
});

test("what is stamped alike with the first line, and was stored before it, was not wanted", () => {
  const seam = new ContainerSeam();
  const log = [at(5, "not wanted"), at(5, "first"), at(6)];
  receive(seam, log.slice(1));
  assert.deepEqual(connect(seam, [...log, at(7)]), ["line 7"]);
});

test("what is older than the first line that was wanted is not asked for", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(700)]);
  assert.equal(seam.since(), at(700)[0]);
});

test("the newest second is asked for again", () => {
  const seam = new ContainerSeam();
  seam.begin();
  seam.take("2026-04-17T10:15:01.000000000Z", "stdout", "a");
  seam.take("2026-04-17T10:15:05.000000000Z", "stdout", "b");
  assert.equal(seam.since(), "2026-04-17T10:15:04.000000000Z");
});

test("lines that do not join what was had are told as a gap, once", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(1), at(2)]);
  assert.deepEqual(connect(seam, [at(8), at(9)]), ["(gap) line 8", "line 9"]);
});

test("after skipped lines nothing before the newest is asked for", () => {
  const seam = new ContainerSeam();
  seam.begin();
  seam.take(...at(1));
  seam.take(...at(2));
  seam.noteGap();
  assert.equal(seam.since(), at(2)[0]);
  assert.deepEqual(connect(seam, [at(1), at(2), at(3)]), ["line 3"]);
});

test("where skipped lines are told there is no other gap", () => {
  const seam = new ContainerSeam();
  connect(seam, [at(1), at(2)]);
  seam.begin();
  seam.noteGap();
  assert.equal(seam.take(...at(8)), "new");
});

test("of more lines in a second than are remembered, only those that are can come again", () => {
  const seam = new ContainerSeam(10);
  const log = Array.from({ length: 100 }, (_, i) => at(i));
  connect(seam, log);
  assert.ok(seam.since()! > at(80)[0]);
  assert.deepEqual(connect(seam, [...log, at(100)]), ["line 100"]);
});
