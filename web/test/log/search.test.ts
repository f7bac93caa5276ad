// Searching: what is found, what is refused, and that nothing takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Search } from "../../src/log/model/search";
import { Automaton } from "../../src/log/search/automaton";
import { type Pattern, patternOf } from "../../src/log/search/pattern";
import { compile } from "../../src/log/search/program";
import { parse } from "../../src/log/search/syntax";
import { Store } from "../../src/log/store/store";

function made(text: string, { regex = true, matchCase = true } = {}): Pattern {
  const result = patternOf({ text, regex, matchCase });
  assert.ok("pattern" in result && result.pattern, JSON.stringify(result));
  return result.pattern;
}
function problem(text: string): string {
  const result = patternOf({ text, regex: true, matchCase: true });
  assert.ok("problem" in result, `${text} was accepted`);
  return result.problem;
}

test("nothing searched for is no pattern", () => {
  assert.deepEqual(patternOf({ text: "", regex: false, matchCase: false }), { pattern: undefined });
});

test("a text is found as it is, whatever is in it", () => {
  for (const text of ["a.b", "(x", "[", "\\d", "a-b", "{1}", "^$", "/"]) {
    const pattern = made(text, { regex: false });
    assert.deepEqual(pattern.find(`<${text}>`, 9), [[1, 1 + text.length]]);
  }
  assert.ok(!made("a.b", { regex: false }).test("axb"));
});

test("case counts where it is wanted to", () => {
  for (const regex of [true, false]) {
    assert.ok(!made("error", { regex }).test("ERROR"));
    assert.ok(made("error", { regex, matchCase: false }).test("ERROR"));
    assert.ok(made("ÄPFEL", { regex, matchCase: false }).test("äpfel"));
  }
});

const patterns = [
  "a",
  "abc",
  "a|b",
  "a|ab|abc",
  "ab|a",
  "a*",
  "a+",
  "a?b",
  "(a|b)*c",
  "a*?b",
  "a+?",
  "a{2}",
  "a{2,}",
  "a{1,2}",
  "(ab){2}",
  "[a-c]+",
  "[^a]+",
  "[^]a]",
  "\\d+",
  "\\w+",
  "\\s",
  "\\D",
  "\\S+",
  "^a",
  "b$",
  "^$",
  "^a*$",
  "\\bab\\b",
  "\\Bb",
  ".",
  "a.c",
  ".*c",
  ".*?c",
  "(?:a|b)c",
  "(?<name>a)b",
  "x*",
  "(a*)*b",
  "(a|a)*b",
  "(a+)+b",
  "[\\d-x]",
  "[a\\-c]",
  "\\.",
  "\\x61",
  "\\u0062",
  "\\t",
  "a{",
  "a{x}",
  "]",
  "(|a)b",
  "(a?){3}",
  "[\\w.]+@[\\w.]+",
  "\\p{L}+",
  "(?:)",
  "a||b",
  "[.*]",
  "\\/",
  "-",
];
const texts = [
  "",
  "a",
  "b",
  "ab",
  "abc",
  "aabbcc",
  "cab",
  "xaxbxc",
  "a b",
  "aaa",
  "ba",
  "12 34",
  "ab ab",
  "\t",
  "a.c",
  "me@x.org",
  "a-c",
  "{x}",
  "a{x}",
  "]a",
  "äb",
  "😀a",
  "aaab",
  "bab",
  "x",
  "*.",
  "a/c",
];

for (const source of patterns)
  test(`/${source}/ finds what JavaScript finds`, () => {
    // "u" is what goes by characters; it refuses some that are allowed without it.
    const own = (() => {
      try {
        return new RegExp(source, "gu");
      } catch {
        return new RegExp(source, "g");
      }
    })();
    const pattern = made(source);
    for (const text of texts) {
      const expected = [...text.matchAll(own)]
        .filter(([found]) => found !== "")
        .map((match) => [match.index!, match.index! + match[0].length]);
      assert.deepEqual(pattern.find(text, 99), expected, JSON.stringify(text));
      assert.equal(pattern.test(text), text.search(own) >= 0, JSON.stringify(text));
    }
  });

test("what is no pattern is told in words", () => {
  assert.match(problem("("), /\) is missing/);
  assert.match(problem("a)"), /closes no group/);
  assert.match(problem("[a"), /\] is missing/);
  assert.match(problem("*a"), /nothing to repeat/);
  assert.match(problem("a**"), /nothing to repeat/);
  assert.match(problem("a{3,2}"), /out of order/);
  assert.match(problem("[b-a]"), /out of order/);
  assert.match(problem("\\"), /escapes nothing/);
  assert.match(problem("\\q"), /means nothing/);
  assert.match(problem("(a)\\1"), /not supported/);
  assert.match(problem("(?=a)"), /not supported/);
  assert.match(problem("(?<!a)b"), /not supported/);
  assert.match(problem("a{9999}"), /more than 1000/);
  assert.match(problem("\\p{Nonsense}"), /no property/);
});

// Built as they are written, these would take all memory.
test("a pattern that would be too large is refused", { timeout: 60_000 }, () => {
  for (const source of ["((a{1000}){1000}){1000}", "(((){1000}){1000}){1000}", "(".repeat(5000)]) {
    problem(source);
  }
});

// Tried one way after the other, these would take longer than there is time.
test("no pattern takes longer than its length times the text's", { timeout: 120_000 }, () => {
  const line = "a".repeat(50_000);
  for (const source of ["(a+)+$b", "(a|a)*b", "(a|aa)+c", "a*a*a*a*b", ".*.*.*=", "(.*,)*x"]) {
    const pattern = made(source);
    assert.equal(pattern.test(line), false, source);
  }
});

/** As good as random: no stretch of it comes again. */
function scattered(length: number, of: string): string {
  let text = "";
  for (let seed = 1; text.length < length; seed = (seed * 48271) % 2147483647)
    text += of[seed % of.length];
  return text;
}

test("a pattern that no table holds is searched for without one, and finds the same", () => {
  const line = scattered(20_000, "ab");
  for (const source of ["a.{300}z", "(a|b)*a(a|b){12}z", "b.{250}a$", "z|a.{400}c"]) {
    const automaton = new Automaton(compile(parse(source, false)));
    assert.equal(automaton.test(line), undefined, source);
    for (const text of [line.slice(0, 2000), `${line.slice(0, 2000)}z`, "", "ab"])
      assert.equal(made(source).test(text), new RegExp(source).test(text), source);
  }
});

test("a pattern with many states has its table in the end", () => {
  const automaton = new Automaton(compile(parse("(\\w+[-. ]){40}!", true)));
  const line = scattered(20_000, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-. ");
  let asked = 1;
  while (automaton.test(line) === undefined) assert.ok(asked++ < 100);
  for (let i = 0; i < 50; i++) assert.equal(automaton.test(line), false);
});

test("a line is not searched for longer than a frame may take, and that is told", () => {
  const line = "a".repeat(1_000_000);
  const pattern = made("a.{900}z");
  const begun = performance.now();
  assert.equal(pattern.test(line), false);
  assert.ok(performance.now() - begun < 5000);
  assert.ok(pattern.partial);
  const usual = made("a+z");
  assert.equal(usual.test(line), false);
  assert.ok(!usual.partial);
});

test("what is marked in a line is not looked for at every character anew", () => {
  const line = "a ".repeat(100_000);
  const begun = performance.now();
  assert.ok(made("a( .*z)?").find(line, 1000).length > 0);
  assert.deepEqual(made("a.*z").find(line, 1000), []);
  assert.ok(performance.now() - begun < 2000);
});

test("so many matches at most", () => {
  assert.equal(made("a").find("a".repeat(100), 10).length, 10);
  assert.equal(made("a", { regex: false }).find("a".repeat(100), 10).length, 10);
});

// --- from match to match -----------------------------------------------------------------------------

function search(lines: string[], text: string) {
  const store = new Store();
  for (const line of lines)
    store.append({ kind: "line", text: line, ts: "", stream: "", action: "", level: "" });
  const found = new Search(store, made(text, { regex: false }), undefined);
  found.advance(() => false);
  return found;
}

test("the next and the previous match, around the ends", () => {
  const found = search(["x", "a", "x", "a", "x"], "a");
  assert.equal(found.step(-1, 1), 1);
  assert.equal(found.step(1, 1), 3);
  assert.equal(found.step(3, 1), 1);
  assert.equal(found.step(1, -1), 3);
  assert.equal(found.step(2, -1), 1);
  assert.equal(found.step(2, 1), 3);
});

test("3 of 120", () => {
  const found = search(["x", "a", "x", "a", "x"], "a");
  assert.equal(found.matches.length, 2);
  assert.equal(found.positionOf(3), 2);
  assert.equal(found.positionOf(2), undefined);
});

test("where nothing matches there is nowhere to go", () => {
  assert.equal(search(["x"], "a").step(0, 1), undefined);
});

test("colours do not keep a text from being found", () => {
  assert.equal(search(["\x1b[31mer\x1b[1mror\x1b[0m"], "error").matches.length, 1);
});
