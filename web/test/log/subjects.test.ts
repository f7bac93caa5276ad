// From frames to rows, and what the next connection asks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ContainerSubject } from "../../src/log/subject/container";
import { DeploySubject } from "../../src/log/subject/deploy";
import { ProcessSubject } from "../../src/log/subject/process";
import type { Subject } from "../../src/log/subject/subject";

const texts = (subject: Subject, ...frames: unknown[]) =>
  frames
    .flatMap((frame) => subject.take(JSON.stringify(frame)))
    .map(({ kind, text }) => (kind === "line" ? text : `(${kind}) ${text}`));
const line = (second: number, text: string, stream = "stdout") => ({
  ts: `2026-04-17T10:15:0${second}.000000000Z`,
  stream,
  line: text,
});
const source = { kind: "container", app: "my shop", service: "web" } as const;

test("a container's log is asked for as chosen, and later from where it was", () => {
  const subject = new ContainerSubject({ ...source, replica: 2, tail: 50 });
  assert.equal(subject.path(), "/api/apps/my%20shop/logs?service=web&replica=2&tail=50");
  subject.begin();
  texts(subject, line(1, "a"), line(5, "b"));
  assert.equal(
    subject.path(),
    "/api/apps/my%20shop/logs?service=web&replica=2&tail=200000&since=2026-04-17T10%3A15%3A04.000000000Z",
  );
});

test("a linked line is loaded from just before it", () => {
  const subject = new ContainerSubject(source, "2026-04-17T10:15:05.000000001Z");
  assert.match(subject.path(), /tail=all&since=2026-04-17T10%3A15%3A03.000000001Z$/);
  subject.begin();
  texts(subject, line(6, "a"));
  assert.match(subject.path(), /tail=200000&since=/);
});

test("where more came than is loaded after a night, that is told", () => {
  const subject = new ContainerSubject(source);
  subject.begin();
  texts(subject, line(1, "a"));
  subject.begin();
  const [gap, text] = texts(subject, line(7, "z"));
  assert.match(gap!, /^\(gap\) .*more came than this page keeps/);
  assert.equal(text, "z");
});

test("lines that were skipped are not asked for again", () => {
  const subject = new ContainerSubject(source);
  subject.begin();
  texts(subject, line(1, "a"), line(5, "b"), { ...line(5, "[spillway]"), skipped: 3 });
  assert.match(subject.path(), /since=2026-04-17T10%3A15%3A05.000000000Z$/);
});

test("skipped lines, gaps and errors are told", () => {
  const subject = new ContainerSubject(source);
  subject.begin();
  const skip = {
    ...line(2, "[spillway] 1532 lines skipped, this viewer is too slow", "stderr"),
    skipped: 1532,
  };
  assert.deepEqual(texts(subject, line(1, "a"), skip, line(3, "b")), [
    "a",
    "(skipped) 1,532 lines skipped: this viewer was too slow",
    "b",
  ]);
  subject.begin();
  const [gap, text] = texts(subject, line(9, "other"));
  assert.match(gap!, /^\(gap\) /);
  assert.equal(text, "other");
  assert.deepEqual(texts(subject, { error: "container not found" }), []);
  assert.equal(subject.error, "container not found");
  subject.begin();
  assert.equal(subject.error, "");
});

test("what a later server may send is no line", () => {
  const subject = new ContainerSubject(source);
  subject.begin();
  for (const frame of ["{", "null", "[1]", '{"x":1}', "7"])
    assert.deepEqual(subject.take(frame), []);
});

// --- deploys -----------------------------------------------------------------------------------------

const step = (second: number, output: string, action = "pull") => ({
  timestamp: `2026-04-17T10:14:0${second}.118Z`,
  action,
  output,
  done: false,
});
const end = (status: string, exit_code: number) => ({
  timestamp: "2026-04-17T10:14:09.118Z",
  action: "up",
  output: "",
  done: true,
  status,
  exit_code,
});
const deploy = () => new DeploySubject({ kind: "deploy", app: "shop", deploy: "d1" });

test("a deploy's end says how it went and how long it took", () => {
  const subject = deploy();
  assert.equal(subject.path(), "/api/apps/shop/deploy-logs?deploy=d1");
  subject.begin();
  texts(subject, step(1, "Pulling"), end("failed", 14));
  assert.deepEqual(subject.outcome, { status: "failed", exitCode: 14, milliseconds: 8000 });
});

test("a replay is shown once, and where it differs that is said", () => {
  const subject = deploy();
  subject.begin();
  texts(subject, step(1, "a"), step(2, "b"));
  subject.begin();
  assert.deepEqual(texts(subject, step(1, "a"), step(2, "b"), step(3, "c")), ["c"]);
  subject.begin();
  assert.deepEqual(texts(subject, step(4, "x"), step(5, "y")), [
    "(separator) The record of this deploy goes on differently from here",
    "x",
    "y",
  ]);
  texts(subject, end("success", 0));
  assert.equal(subject.outcome!.milliseconds, 8000);
});

test("that no deploy runs is no end of this one", () => {
  const subject = deploy();
  subject.begin();
  assert.deepEqual(texts(subject, step(1, "a"), { done: true, action: "none" }), ["a"]);
  assert.equal(subject.outcome, undefined);
});

// --- the process log ----------------------------------------------------------------------------------

const logged = (second: number, text: string) => `2026-04-17T10:14:3${second}.118Z ${text}`;

test("the process log's time is taken from its line", () => {
  const subject = new ProcessSubject({ kind: "process" });
  subject.begin();
  const [row] = subject.take(JSON.stringify(logged(2, "[api] ERROR x")));
  assert.deepEqual(
    [row!.ts, row!.text, row!.level],
    ["2026-04-17T10:14:32.118Z", "[api] ERROR x", "error"],
  );
});

test("another server's ring comes after a gap, once it is certain", () => {
  const subject = new ProcessSubject({ kind: "process" });
  subject.begin();
  texts(subject, logged(1, "a"), logged(2, "b"));
  subject.begin();
  assert.deepEqual(texts(subject, logged(1, "a"), logged(2, "b"), logged(3, "c")), ["c"]);
  subject.begin();
  const [gap, text] = texts(subject, logged(8, "z"));
  assert.match(gap!, /^\(gap\)/);
  assert.equal(text, "z");
});

test("a skip is a notice, and what is kept back comes before it", () => {
  const subject = new ProcessSubject({ kind: "process" });
  subject.begin();
  texts(subject, logged(1, "a"), logged(2, "b"));
  subject.begin();
  assert.deepEqual(texts(subject, logged(1, "a")), []);
  const rows = texts(subject, logged(3, "[spillway] 12 lines skipped, this viewer is too slow"));
  assert.deepEqual(rows.slice(-2), ["a", "(skipped) 12 lines skipped: this viewer was too slow"]);
});
