// The colours and weights that a program gives its text (SGR, ECMA-48 8.3.117, and xterm's
// 256 and direct colours). What would hide text (conceal, blinking) has no effect.

/** 0 to 15 of the palette; from `direct` on, 24 bits of red, green and blue. */
export type Colour = number;
export const direct = 0x1000000;

export interface Style {
  foreground: Colour | undefined;
  background: Colour | undefined;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  struck: boolean;
}

export const plain: Style = {
  foreground: undefined,
  background: undefined,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  struck: false,
};

/** The style after a sequence with these parameters, as they stand between `CSI` and `m`. */
export function applied(style: Style, parameters: string): Style {
  let next: Style = { ...style };
  const codes = parameters.split(";");
  for (let i = 0; i < codes.length; i++) {
    const [code = 0, ...parts] = codes[i]!.split(":").map(Number);
    if (code === 0) next = { ...plain };
    else if (code === 38 || code === 48) {
      const given = parts.length > 0;
      const rest = given ? parts : codes.slice(i + 1, i + 5).map(Number);
      if (!given) i += lengthOf(rest);
      const colour = extended(rest, given);
      if (colour === undefined) continue;
      if (code === 38) next.foreground = colour;
      else next.background = colour;
    } else simple(next, code, parts);
  }
  return next;
}

function simple(style: Style, code: number, parts: number[]): void {
  if (code >= 30 && code <= 37) style.foreground = code - 30;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code >= 90 && code <= 97) style.foreground = code - 90 + 8;
  else if (code >= 100 && code <= 107) style.background = code - 100 + 8;
  switch (code) {
    case 1:
      style.bold = true;
      break;
    case 2:
      style.dim = true;
      break;
    case 3:
      style.italic = true;
      break;
    case 4:
      style.underline = parts[0] !== 0;
      break;
    case 7:
      style.inverse = true;
      break;
    case 9:
      style.struck = true;
      break;
    case 21:
      style.underline = true;
      break;
    case 22:
      style.bold = style.dim = false;
      break;
    case 23:
      style.italic = false;
      break;
    case 24:
      style.underline = false;
      break;
    case 27:
      style.inverse = false;
      break;
    case 29:
      style.struck = false;
      break;
    case 39:
      style.foreground = undefined;
      break;
    case 49:
      style.background = undefined;
      break;
  }
}

/** How many parameters `5;N` and `2;R;G;B` take beyond the 38 or 48. */
function lengthOf(rest: number[]): number {
  if (rest[0] === 5) return Math.min(2, rest.length);
  return rest[0] === 2 ? Math.min(4, rest.length) : 0;
}

/** With colons there is a colour space in between, `2::R:G:B`, which some programs leave out. */
function extended([kind, ...rest]: number[], withColons: boolean): Colour | undefined {
  if (kind === 5) return indexed(rest[0]);
  if (kind !== 2) return undefined;
  const [red, green, blue] = withColons && rest.length > 3 ? rest.slice(1) : rest;
  if (!isByte(red) || !isByte(green) || !isByte(blue)) return undefined;
  return direct | (red << 16) | (green << 8) | blue;
}

const steps = [0, 95, 135, 175, 215, 255];

/** The 256 colours: the palette, a cube of six steps a side, and a row of greys. */
function indexed(index: number | undefined): Colour | undefined {
  if (!isByte(index)) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return direct | (grey << 16) | (grey << 8) | grey;
  }
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return direct | (steps[red]! << 16) | (steps[green]! << 8) | steps[blue]!;
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 255;
}
