// The text of a line as elements: styled runs, and the matches of a search in them. Whatever the
// text holds, it becomes text nodes and nothing else.
import type { Found } from "../search/machine";
import type { Run, Shown } from "../text/ansi";
import { type Look, lookOf } from "../text/colour";
import { type Style, plain } from "../text/sgr";

/** Of one row so many runs have their style; the rest of it is plain. A program may change its
    colour at every character, and each run is an element. */
const mostRuns = 1000;

/** Fills an element with the characters `from` to `to`. */
export function fillText(
  into: HTMLElement,
  { text, runs }: Shown,
  marks: Found[],
  from = 0,
  to = text.length,
): void {
  if (runs.length === 0 && marks.length === 0) {
    into.textContent = text.slice(from, to);
    return;
  }
  const parts = document.createDocumentFragment();
  for (const piece of pieces(runs, marks, from, to))
    parts.append(element(text.slice(piece.from, piece.to), piece));
  into.replaceChildren(parts);
}

interface Piece {
  from: number;
  to: number;
  style: Style;
  marked: boolean;
}

/** Cuts wherever a style or a match begins or ends. */
export function* pieces(runs: Run[], marks: Found[], from: number, to: number): Generator<Piece> {
  const styled = Math.min(runs.length, mostRuns);
  let run = 0;
  let mark = 0;
  for (let at = from; at < to;) {
    while (run < styled && runs[run]!.end <= at) run++;
    const own = run < styled ? runs[run] : undefined;
    while (mark < marks.length && marks[mark]![1] <= at) mark++;
    const found = marks[mark];
    const marked = found !== undefined && found[0] <= at;
    const edge = found === undefined ? to : marked ? found[1] : found[0];
    const next = Math.min(to, own?.end ?? to, edge);
    yield { from: at, to: next, style: own?.style ?? plain, marked };
    at = next;
  }
}

function element(text: string, { style, marked }: Piece): Node {
  if (style === plain && !marked) return document.createTextNode(text);
  const made = document.createElement(marked ? "mark" : "span");
  made.textContent = text;
  if (style === plain) return made;
  const look = cachedLook(style);
  made.classList.add(...look.classes);
  for (const [name, value] of look.properties) made.style.setProperty(name, value);
  return made;
}

/** Programs use few styles, each many times. */
const looks = new Map<string, Look>();

function cachedLook(style: Style): Look {
  const key = JSON.stringify(Object.values(style));
  let look = looks.get(key);
  if (!look) {
    if (looks.size > 1000) looks.clear();
    looks.set(key, (look = lookOf(style)));
  }
  return look;
}
