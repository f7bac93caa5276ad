// Every way in which a stream can end has words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { closing } from "../../src/log/stream/closing";

test("1000 is the end, 1008 a refusal, all else is tried again", () => {
  const verdicts = [1000, 1001, 1006, 1007, 1008, 1009, 1011, 1012, 4000].map(
    (code) => closing(code, "").verdict,
  );
  assert.deepEqual(verdicts, [
    "finished",
    "lost",
    "lost",
    "lost",
    "refused",
    "lost",
    "lost",
    "lost",
    "lost",
  ]);
});

test("a refused parameter is told by what the server said of it", () => {
  const error = 'invalid tail: "x" is not a number or "all"';
  assert.equal(
    closing(1000, "invalid parameter", error).sentence,
    'Invalid tail: "x" is not a number or "all".',
  );
});

test("what the engine refused is told in its own words", () => {
  const said = "docker refused the log: configured logging driver does not support reading";
  assert.equal(closing(1011, said.slice(0, 40), said).sentence, `D${said.slice(1)}.`);
});

test("a reason that nobody thought of is shown", () => {
  assert.match(closing(1011, "the moon is full").sentence, /the moon is full/);
  assert.match(closing(4321, "").sentence, /4321/);
});

test("an end that is not known is told, whichever stream it is of", () => {
  for (const reason of ["the end of this deploy was not recorded", "the last lines were not found"]) {
    const { verdict, sentence } = closing(1011, reason, reason);
    assert.equal(verdict, "lost");
    assert.doesNotMatch(sentence, new RegExp(`^${reason}`, "i"));
  }
});

test("no sentence is the bare reason of the protocol's description", () => {
  const api = readFileSync(new URL("../../../docs/api/asyncapi.yaml", anchor()), "utf8");
  const reasons = [...api.matchAll(/code: (\d{4}),\s*reason: (?:'([^']+)'|([^,}\n]+))/g)].map(
    ([, code, quoted, bare]) => [Number(code), (quoted ?? bare)!.trim()] as const,
  );
  assert.ok(reasons.length > 15, `${reasons.length} found`);
  for (const [code, reason] of reasons) {
    const { sentence } = closing(code, reason);
    assert.match(sentence, /^[A-Z].*[.?]$/, reason);
    if (code !== 1007 && code !== 1009 && code !== 1002)
      assert.notEqual(sentence.toLowerCase(), `${reason}.`, reason);
  }
});

/** The bundled test lies in a folder below node_modules. */
function anchor(): string {
  return new URL("../../../test/log/", import.meta.url).href;
}
