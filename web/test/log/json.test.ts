// JSON lines, spread out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonObject, spread } from "../../src/log/text/json";

test("only a whole object is foldable", () => {
  assert.ok(isJsonObject(' {"a":1} '));
  for (const line of ["", "{}x", "[1]", '"x"', "{a:1}", "null", '{"a":1'])
    assert.ok(!isJsonObject(line), line);
});

test("each member has a line", () => {
  assert.deepEqual(spread('{"a":1,"b":[true,{"c":"x"}],"d":{},"e":[ ]}'), [
    "{",
    '  "a": 1,',
    '  "b": [',
    "    true,",
    "    {",
    '      "c": "x"',
    "    }",
    "  ],",
    '  "d": {},',
    '  "e": []',
    "}",
  ]);
});

test("what is nested very deep takes no room of its own for that", () => {
  const depth = 5000;
  const lines = spread(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
  assert.equal(lines.length, 2 * depth + 1);
  assert.equal(Math.max(...lines.map((line) => line.length)), "  ".repeat(40).length + 6);
});

test("values stay as they were written", () => {
  const line = '{"n":12345678901234567890,"f":1.0e5,"s":"a\\u202e\\"{,:}","n":-0}';
  assert.equal(
    spread(line)
      .map((text) => text.trim())
      .join("")
      .replace(/": /g, '":'),
    line,
  );
});
