// One row of the log as an element.
import type { Row } from "../row";
import type { Pattern } from "../search/pattern";
import { shown, shownText } from "../text/ansi";
import { isJsonObject, spread } from "../text/json";
import { type Zone, shownTime } from "../text/time";
import { LongText, shownAtFirst } from "./long";
import { fillText } from "./text";

export interface RowLook {
  zone: Zone;
  pattern: Pattern | undefined;
}

export interface RowState {
  /** A JSON line is spread out. */
  spread: boolean;
  /** How many characters of a long text are wanted. */
  wanted: number;
}

export interface RowElement {
  element: HTMLElement;
  /** Of a text that may grow. */
  long: LongText | undefined;
}

/** In one row so many matches are marked at most. */
const mostMarks = 1000;

export function rowElement(row: Row, number: number, look: RowLook, state: RowState): RowElement {
  const made = div(`log-row log-${row.kind}`);
  made.dataset["number"] = String(number);
  if (row.kind !== "line") {
    const words = div("log-words");
    words.textContent = shownText(row.text);
    made.append(words);
    return { element: made, long: undefined };
  }
  if (row.level) made.classList.add(`log-is-${row.level}`);
  if (row.ts && look.zone !== "off") made.classList.add("log-with-time");
  made.append(gutter(row, look.zone));
  if (row.action) made.append(span("log-action", row.action));
  const { element, long } = body(row, look, state);
  made.append(element);
  return { element: made, long };
}

/** Marks the line when clicked; says to who does not see the bar that it is an error stream's. */
function gutter(row: Row, zone: Zone): HTMLElement {
  const made = span("log-gutter", "");
  made.dataset["do"] = "mark";
  if (row.stream === "stderr") {
    made.classList.add("log-stderr");
    made.title = "stderr";
    made.append(span("log-hidden", "stderr: "));
  }
  if (row.level) made.append(span("log-hidden", `${row.level}: `));
  // A line without a time has the room of one: its text begins where that of the others does.
  if (zone !== "off") made.classList.add("log-timed");
  if (zone !== "off" && row.ts) {
    const time = document.createElement("time");
    time.dateTime = row.ts;
    time.title = row.ts;
    time.textContent = shownTime(row.ts, zone);
    made.append(time);
  }
  return made;
}

function body(row: Row, { pattern }: RowLook, state: RowState): RowElement {
  const text = shown(row.text);
  const marks = pattern ? pattern.find(text.text, mostMarks) : [];
  const made = div("log-body");
  if (isJsonObject(row.text)) {
    made.append(
      button(
        "fold",
        state.spread ? "−" : "+",
        state.spread ? "Fold this line" : "Spread this line out",
      ),
    );
    made.lastElementChild!.setAttribute("aria-expanded", String(state.spread));
  }
  if (state.spread) {
    const lines = div("log-json");
    const json = { text: spread(row.text).map(shownText).join("\n"), runs: [] };
    fillText(lines, json, pattern ? pattern.find(json.text, mostMarks) : []);
    made.append(lines);
  } else if (text.text.length > shownAtFirst) {
    const long = new LongText(text, marks, state.wanted);
    made.append(long.element);
    return { element: made, long };
  } else {
    const line = span("log-text", "");
    fillText(line, text, marks);
    made.append(line);
  }
  return { element: made, long: undefined };
}

/** How many characters of a row must be shown for its first match to be seen. */
export function charactersToFirstMatch(row: Row, pattern: Pattern): number {
  const match = pattern.find(shownText(row.text), 1)[0];
  return match ? match[1] : 0;
}

function div(classes: string): HTMLElement {
  const made = document.createElement("div");
  made.className = classes;
  return made;
}

function span(classes: string, text: string): HTMLElement {
  const made = document.createElement("span");
  made.className = classes;
  made.textContent = text;
  return made;
}

/** `what` it does stands in data-do; whoever owns the rows listens. */
function button(what: string, text: string, label: string): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `log-${what}`;
  made.dataset["do"] = what;
  made.textContent = text;
  // Rows come and go: the keyboard reaches these through the line that is marked.
  made.tabIndex = -1;
  if (label) made.title = label;
  if (label) made.setAttribute("aria-label", label);
  return made;
}
