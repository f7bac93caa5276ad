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
