// What level a line says it has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Levels } from "../../src/log/subject/subject";
import { levelOf } from "../../src/log/text/level";

const cases: [line: string, level: string][] = [
  ['{"level":"error","msg":"x"}', "error"],
  ['{"severity":"WARNING","msg":"ERROR"}', "warn"],
  ['{"level":30,"msg":"pino"}', "info"],
  ['{"level":40}', "warn"],
  ['{"level":60}', "error"],
  ['{"ctx":{"level":"error"},"level":"debug"}', "debug"],
  ['{"msg":"no level, ERROR in prose"}', ""],
  ['{"broken ERROR', "error"],
  ["2026-04-17 10:14:32 ERROR something", "error"],
  ["2026-04-17T10:14:32Z WARN  x", "warn"],
  ["[info] started", "info"],
  ["<debug> x", "debug"],
  ["error: no such file", "error"],
  ["time=now level=warning msg=x", "warn"],
  ["E0417 10:14:32.118000       1 main.go:10] x", "error"],
  ["\x1b[31mERROR\x1b[0m x", "error"],
  ["\x1b[33m[WARN]\x1b[0m x", "warn"],
  ["0 errors found", ""],
  ["GET /error 200", ""],
  ["GET /ERROR 200", ""],
  ["no INFORMATION here", ""],
  ["an Error in prose", ""],
  ["", ""],
];

for (const [line, level] of cases)
  test(`${JSON.stringify(line)} is ${level || "nothing"}`, () =>
    assert.equal(levelOf(line), level));

test("a stack trace has the level of its error, on its own stream", () => {
  const levels = new Levels();
  levels.of("stderr", "ERROR it broke");
  levels.of("stdout", "INFO fine");
  assert.equal(levels.of("stderr", "    at main (main.js:1)"), "error");
  assert.equal(levels.of("stderr", "Caused by: x"), "error");
  assert.equal(levels.of("stderr", "another line"), "");
  assert.equal(levels.of("stderr", "    at nothing"), "");
});
