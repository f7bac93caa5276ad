// Colours are shown, everything else that a terminal would act on is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shown, shownText } from "../../src/log/text/ansi";
import { direct } from "../../src/log/text/sgr";

const esc = "\x1b";
/** The runs as [text, what differs from plain]. */
function runs(line: string) {
  const { text, runs } = shown(line);
  let from = 0;
  return runs.map(({ end, style }) => {
    const piece = text.slice(from, end);
    from = end;
    return [piece, Object.fromEntries(Object.entries(style).filter(([, value]) => value))];
  });
}

test("plain text is itself, with a tab", () => {
  assert.deepEqual(shown("a\tb <script>alert(1)</script>"), {
    text: "a\tb <script>alert(1)</script>",
    runs: [],
  });
});

test("a colour lasts until it is reset", () => {
  assert.deepEqual(runs(`a${esc}[31mb${esc}[0mc`), [
    ["a", {}],
    ["b", { foreground: 1 }],
    ["c", {}],
  ]);
});

test("weights, bright colours and grounds", () => {
  assert.deepEqual(runs(`${esc}[1;3;4;92;44mx${esc}[22;23;24;39;49my`), [
    ["x", { bold: true, italic: true, underline: true, foreground: 10, background: 4 }],
    ["y", {}],
  ]);
});

test("256 and direct colours, with semicolons and with colons", () => {
  const colour = (line: string) => (runs(line)[0]![1] as { foreground: number }).foreground;
  assert.equal(colour(`${esc}[38;5;3mx`), 3);
  assert.equal(colour(`${esc}[38;5;196mx`), direct | 0xff0000);
  assert.equal(colour(`${esc}[38;5;231mx`), direct | 0xffffff);
  assert.equal(colour(`${esc}[38;5;232mx`), direct | 0x080808);
  assert.equal(colour(`${esc}[38;5;244mx`), direct | 0x808080);
  assert.equal(colour(`${esc}[38;2;1;2;3mx`), direct | 0x010203);
  assert.equal(colour(`${esc}[38:2::1:2:3mx`), direct | 0x010203);
  assert.equal(colour(`${esc}[38:2:1:2:3mx`), direct | 0x010203);
  assert.equal(colour(`${esc}[38:5:9mx`), 9);
});

test("the numbers of a colour are not read as weights", () => {
  assert.deepEqual(runs(`${esc}[38;5;1mx`), [["x", { foreground: 1 }]]);
  assert.deepEqual(runs(`${esc}[48;2;1;3;4;9mx`), [
    ["x", { background: direct | 0x010304, struck: true }],
  ]);
});

test("a broken colour takes nothing else with it", () => {
  assert.deepEqual(runs(`${esc}[38;2;300;0;0;1mx`), [["x", { bold: true }]]);
  assert.deepEqual(runs(`${esc}[38mx${esc}[1my`), [
    ["x", {}],
    ["y", { bold: true }],
  ]);
});

test("a style ends with its line", () => {
  shown(`${esc}[31mred`);
  assert.deepEqual(shown("next").runs, []);
});

test("concealed text is shown", () => {
  assert.deepEqual(shown(`${esc}[8msecret`), { text: "secret", runs: [] });
});

test("whole sequences that are no colours are taken out", () => {
  for (const sequence of [
    `${esc}[2J`,
    `${esc}[1;1H`,
    `${esc}[?25l`,
    `${esc}[10 q`,
    `${esc}(B`,
    `${esc}]0;title\x07`,
    `${esc}]52;c;cm0gLXJmIC8=\x07`,
    `${esc}]8;;http://x/${esc}\\`,
    `${esc}P1$r0m${esc}\\`,
    `${esc}_apc${esc}\\`,
    `${esc}^pm${esc}\\`,
    `${esc}Xsos${esc}\\`,
    "\x9b2J",
    "\x9d52;c;eA==\x9c",
    "\x90q\x9c",
  ])
    assert.equal(shownText(`a${sequence}b`), "ab", JSON.stringify(sequence));
});

test("what is not whole hides nothing", () => {
  assert.equal(shownText(`a${esc}`), "a␛");
  assert.equal(shownText(`a${esc}]52;c;all that follows`), "a␛]52;c;all that follows");
  assert.equal(shownText(`a${esc}[12`), "a␛[12");
  assert.equal(shownText(`a${esc}cb`), "a␛cb");
});

test("control characters are signs", () => {
  assert.equal(shownText("a\x07b\bc\rd\x00e\x7f"), "a␇b␈c␍d␀e␡");
  assert.equal(shownText("end\r"), "end");
  assert.equal(shownText("a\nb"), "a␊b");
  assert.equal(shownText("a\x85b"), "a‹U+0085›b");
});

test("what turns text around is shown, and turns nothing", () => {
  assert.equal(shownText("if (\u202e admin \u2066)"), "if (‹U+202E› admin ‹U+2066›)");
  assert.equal(shownText("a\u2028b\u200fc"), "a‹U+2028›b‹U+200F›c");
});

// Read anew from each of them it would take an hour: no clock is needed to tell.
test("a megabyte of beginnings is read once", { timeout: 120_000 }, () => {
  for (const beginning of [`${esc}]`, `${esc}P`, `${esc}[`, esc, `${esc}[3`, `${esc}[38;2;`]) {
    const line = beginning.repeat(Math.ceil(1_000_000 / beginning.length));
    shown(line);
  }
});
