// Lines of the log as plain text: for the clipboard, and as a file.
import { saveFile } from "../../parts/save_file";
import type { Row } from "../row";
import type { Store } from "../store/store";
import { shownText } from "../text/ansi";
import type { Zone } from "../text/time";

/** What a row is as text. Escape sequences are left out: the text may end up in a terminal. */
export function textOf(row: Row, zone: Zone): string {
  if (row.kind !== "line") return `[${shownText(row.text)}]`;
  const time = zone !== "off" && row.ts ? `${row.ts} ` : "";
  const action = row.action ? `[${row.action}] ` : "";
  return time + action + shownText(row.text);
}

export function* linesOf(store: Store, numbers: Iterable<number>, zone: Zone): Generator<string> {
  for (const number of numbers) {
    const row = store.at(number);
    if (row) yield `${textOf(row, zone)}\n`;
  }
}

/** Without the newline after the last line. */
export function joined(lines: Iterable<string>): string {
  return [...lines].join("").replace(/\n$/, "");
}

/** True where it worked. The clipboard's own interface is there over HTTPS and on localhost only. */
export async function copy(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // It may be forbidden, and the old way is not.
  }
  return copyTheOldWay(text);
}

function copyTheOldWay(text: string): boolean {
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  field.className = "log-copied";
  document.body.append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return worked;
}

/** In milliseconds; then the page gets its turn. */
const slice = 10;

export async function download(lines: Iterable<string>, name: string): Promise<void> {
  const parts: string[] = [];
  let part: string[] = [];
  let end = performance.now() + slice;
  for (const line of lines) {
    part.push(line);
    if (part.length % 64 !== 0 || performance.now() < end) continue;
    parts.push(part.join(""));
    part = [];
    await new Promise((turn) => setTimeout(turn));
    end = performance.now() + slice;
  }
  parts.push(part.join(""));
  saveFile(new Blob(parts, { type: "text/plain;charset=utf-8" }), name);
}
