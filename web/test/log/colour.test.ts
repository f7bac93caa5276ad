// Whatever colours a program chooses, its text can be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, lookOf, readableOn } from "../../src/log/text/colour";
import { direct, plain } from "../../src/log/text/sgr";

const rgb = (text: string) =>
  text.match(/\d+/g)!.map(Number) as unknown as [number, number, number];
const property = (look: ReturnType<typeof lookOf>, name: string) =>
  rgb(look.properties.find(([found]) => found === name)![1]);

test("the sixteen are classes", () => {
  assert.deepEqual(lookOf({ ...plain, foreground: 9, bold: true }), {
    classes: ["log-bold", "log-fg-9"],
    properties: [],
  });
});

test("a direct colour is moved until it is readable in both themes", () => {
  for (const colour of [0x000000, 0xffffff, 0x777777, 0xffff00, 0x0000ff]) {
    const look = lookOf({ ...plain, foreground: direct | colour });
    assert.ok(contrast(property(look, "--log-fg-light"), [255, 255, 255]) >= 4.5, `${colour}`);
    assert.ok(contrast(property(look, "--log-fg-dark"), [11, 15, 20]) >= 4.5, `${colour}`);
  }
});

test("text in the colour of its own ground does not vanish", () => {
  for (let colour = 0; colour < 16; colour++) {
    const look = lookOf({ ...plain, foreground: colour, background: colour });
    const [text, ground] = [property(look, "--log-own-fg"), property(look, "--log-own-bg")];
    assert.ok(contrast(text, ground) >= 3, `colour ${colour}`);
  }
});

test("inverse changes the two", () => {
  const usual = lookOf({ ...plain, foreground: 15, background: 4 });
  const inverse = lookOf({ ...plain, foreground: 4, background: 15, inverse: true });
  assert.deepEqual(inverse.properties, usual.properties);
  assert.deepEqual(lookOf({ ...plain, inverse: true }).classes, ["log-inverse"]);
});

test("a colour that is readable stays as it is", () => {
  assert.deepEqual(readableOn([0, 0, 128], [255, 255, 255]), [0, 0, 128]);
});
