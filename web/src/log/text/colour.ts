// Which colours a style is shown in. The sixteen of the palette are classes, which the style sheet
// gives a light and a dark form. Any other colour is moved until it can be read on its ground:
// nothing that a program prints is to vanish.
import { type Colour, type Style, direct } from "./sgr";

export interface Look {
  classes: string[];
  /** Custom properties that the classes refer to. */
  properties: [name: string, value: string][];
}

type Rgb = readonly [number, number, number];

/** The grounds of the log, light and dark; the same as --log-bg in log.css. */
const lightGround: Rgb = [255, 255, 255];
const darkGround: Rgb = [11, 15, 20];
const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const readable = 4.5;

/** The palette where a program gives the ground as well: the same in both themes. */
const palette: Rgb[] = [
  [0, 0, 0],
  [187, 30, 30],
  [22, 122, 52],
  [168, 112, 0],
  [33, 92, 196],
  [146, 56, 156],
  [10, 122, 138],
  [208, 212, 217],
  [98, 106, 115],
  [240, 90, 80],
  [70, 186, 98],
  [230, 180, 60],
  [106, 160, 250],
  [204, 122, 214],
  [70, 190, 205],
  [255, 255, 255],
];

export function lookOf(style: Style): Look {
  const look: Look = { classes: [], properties: [] };
  for (const name of ["bold", "dim", "italic", "underline", "struck"] as const)
    if (style[name]) look.classes.push(`log-${name}`);
  const { foreground, background, inverse } = style;
  if (inverse && foreground === undefined && background === undefined)
    look.classes.push("log-inverse");
  else if (background === undefined && !inverse) onGround(look, foreground);
  else onOwnGround(look, style);
  return look;
}

function onGround(look: Look, colour: Colour | undefined): void {
  if (colour === undefined) return;
  if (colour < direct) {
    look.classes.push(`log-fg-${colour}`);
    return;
  }
  look.classes.push("log-fg");
  look.properties.push(
    ["--log-fg-light", css(readableOn(rgbOf(colour), lightGround))],
    ["--log-fg-dark", css(readableOn(rgbOf(colour), darkGround))],
  );
}

function onOwnGround(look: Look, { foreground, background, inverse }: Style): void {
  const [text, under] = inverse ? [background, foreground] : [foreground, background];
  // Inverse with one colour given: the other one is the ground's or the text's, told by contrast.
  const ground =
    under === undefined ? (luminance(rgbOf(text!)) > 0.3 ? black : white) : rgbOf(under);
  const ink = text === undefined ? better(ground) : readableOn(rgbOf(text), ground, 3);
  look.classes.push("log-own");
  look.properties.push(["--log-own-fg", css(ink)], ["--log-own-bg", css(ground)]);
}

function rgbOf(colour: Colour): Rgb {
  if (colour < direct) return palette[colour]!;
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function better(ground: Rgb): Rgb {
  return contrast(white, ground) > contrast(black, ground) ? white : black;
}

/** The colour itself, or a mixture with black or white that has the wanted contrast. */
export function readableOn(colour: Rgb, ground: Rgb, wanted = readable): Rgb {
  const towards = better(ground);
  for (let part = 0; part <= 1; part += 0.1) {
    const mixed = colour.map((value, i) => Math.round(value + (towards[i]! - value) * part));
    if (contrast(mixed as unknown as Rgb, ground) >= wanted) return mixed as unknown as Rgb;
  }
  return towards;
}

/** WCAG 2 contrast, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}
