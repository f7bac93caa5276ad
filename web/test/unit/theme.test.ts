// The colours that are used together have the contrast that WCAG 2.2 AA asks for, in both themes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

type Colours = Record<string, string>;

// Bundled tests run elsewhere: the runner starts in the package's folder.
const css = readFileSync("src/theme.css", "utf8");

function block(selector: string): Colours {
  const at = css.indexOf(`${selector} {`);
  assert.ok(at >= 0, selector);
  const body = css.slice(at, css.indexOf("}", at));
  return Object.fromEntries(
    [...body.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const grounds = ["bg", "bg-raised", "bg-sunken"];
const pairs: [text: string, grounds: string[], least: number][] = [
  ["text", [...grounds, "danger-bg", "warning-bg", "ok-bg", "accent-bg"], 4.5],
  ["text-dim", grounds, 4.5],
  ["accent", [...grounds, "accent-bg"], 4.5],
  ["accent-text", ["accent"], 4.5],
  ["danger", [...grounds, "danger-bg"], 4.5],
  ["warning", [...grounds, "warning-bg"], 4.5],
  ["ok", [...grounds, "ok-bg"], 4.5],
  ["border-strong", ["bg", "bg-raised"], 3],
  ["focus", grounds, 3],
];

for (const [name, selector] of [["light", ":root"], ["dark", ':root[data-theme="dark"]']] as const) {
  test(`${name} colours can be read`, () => {
    const colours = block(selector);
    for (const [text, grounds, least] of pairs)
      for (const ground of grounds) {
        const found = contrast(colours[text]!, colours[ground]!);
        assert.ok(found >= least, `${text} on ${ground}: ${found.toFixed(2)}, at least ${least}`);
      }
  });
}

test("dark is the same, chosen or by the system", () => {
  assert.deepEqual(block(':root:not([data-theme="light"])'), block(':root[data-theme="dark"]'));
});
