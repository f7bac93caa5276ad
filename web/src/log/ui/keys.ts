// The keys of the log view. They count while nothing else wants them: not in fields, not with a
// modifier, not while a dialog is open, not while something else on the page has the focus.
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

export type Command =
  | "search"
  | "next"
  | "previous"
  | "follow"
  | "wrap"
  | "times"
  | "start"
  | "end"
  | "up"
  | "down"
  | "spread"
  | "link"
  | "copy"
  | "leave"
  | "help";

export interface Key {
  keys: string[];
  command: Command;
  /** For the list of keys. */
  does: string;
}

export const keys: Key[] = [
  { keys: ["/"], command: "search", does: "Search" },
  { keys: ["n"], command: "next", does: "Next match (in the search field: Enter)" },
  { keys: ["N"], command: "previous", does: "Previous match (in the search field: Shift+Enter)" },
  { keys: ["f"], command: "follow", does: "Follow the end, or stop following" },
  { keys: ["Home"], command: "start", does: "To the oldest line" },
  { keys: ["End"], command: "end", does: "To the newest line, and follow" },
  { keys: ["j"], command: "down", does: "Mark the next line" },
  { keys: ["k"], command: "up", does: "Mark the previous line" },
  {
    keys: ["o"],
    command: "spread",
    does: "Spread out the marked line's JSON, or show all of a long line",
  },
  { keys: ["c"], command: "copy", does: "Copy the marked lines, or all that are shown" },
  { keys: ["l"], command: "link", does: "Copy a link to the marked line" },
  { keys: ["w"], command: "wrap", does: "Wrap long lines" },
  { keys: ["t"], command: "times", does: "Times: off, local, UTC" },
  { keys: ["Escape"], command: "leave", does: "Leave the search, unmark lines" },
  { keys: ["?"], command: "help", does: "This list" },
];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  defaultPrevented: boolean;
}

export function commandOf(pressed: Pressed, typing: boolean): Command | undefined {
  const { ctrlKey, metaKey, altKey, defaultPrevented } = pressed;
  if (typing || ctrlKey || metaKey || altKey || defaultPrevented) return undefined;
  return keys.find((one) => one.keys.includes(pressed.key))?.command;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

interface Place {
  getClientRects(): { length: number };
  contains(other: unknown): boolean;
}

/** Whether keys are meant for a view: it is shown, not kept behind a login, and the focus is in it,
    nowhere, or where the page alone can have put it, as on a heading. */
export function isFor(
  view: Place,
  focused: { tabIndex: number } | null,
  body: { tabIndex: number },
): boolean {
  if (view.getClientRects().length === 0) return false;
  return focused === null || focused === body || focused.tabIndex < 0 || view.contains(focused);
}

export function useKeys(view: RefObject<HTMLElement>, run: (command: Command) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = commandOf(event, isTyping(event.target));
      if (command === undefined || document.querySelector("dialog[open]")) return;
      const focused = document.activeElement as HTMLElement | null;
      if (!view.current || !isFor(view.current, focused, document.body)) return;
      event.preventDefault();
      run(command);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}
