// A row of the log as it is kept: a line, or a notice in the place where something happened.
import type { Level } from "./text/level";

export type RowKind =
  | "line"
  /** Lines that the server skipped, since this viewer was too slow. */
  | "skipped"
  /** Lines may be missing here: what came after a reconnect did not join what was had. */
  | "gap"
  /** A deploy's record goes on otherwise than it was shown. */
  | "separator"
  /** What the stream said before it failed. */
  | "error";

/** Every row has every member: they stay of one shape, which keeps a hundred thousand cheap. */
export interface Row {
  readonly kind: RowKind;
  readonly text: string;
  /** RFC 3339, as it came; empty where there is none. */
  readonly ts: string;
  readonly stream: "stdout" | "stderr" | "";
  /** The step of a deploy. */
  readonly action: string;
  readonly level: Level | "";
}

export function notice(kind: Exclude<RowKind, "line">, text: string, ts = ""): Row {
  return { kind, text, ts, stream: "", action: "", level: "" };
}

/** About what a row costs in memory beside its text: the object, and its time. */
const overhead = 120;

/** An engine keeps text at one byte a character where all of it is Latin-1, else at two. */
export function bytesOf(row: Row): number {
  return overhead + row.text.length * (/[^\0-\xff]/.test(row.text) ? 2 : 1);
}
