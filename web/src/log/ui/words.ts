// How a log stands, in words.
import { bytes, count, duration, grouped } from "../../format/quantities";
import type { Snapshot } from "../model/controller";
import type { SearchState } from "../model/selection";
import type { StreamState } from "../stream/stream";
import type { Outcome } from "../subject/subject";

export type Kind = "ok" | "busy" | "warning" | "danger" | "plain";

export function stateWord(state: StreamState): { kind: Kind; text: string } {
  switch (state.kind) {
    case "connecting":
      return { kind: "busy", text: state.again ? "Connecting again…" : "Connecting…" };
    case "live":
      return { kind: "ok", text: "Live" };
    case "waiting":
      return { kind: "warning", text: "Not connected" };
    case "ended":
      return { kind: state.bad ? "danger" : "plain", text: "Ended" };
  }
}

/** The seconds until the next attempt; none left means now. */
export function waitWords(sentence: string, until: number, now: number): string {
  const seconds = Math.ceil((until - now) / 1000);
  return `${sentence} ${seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again now."}`;
}

export function outcomeWords(outcome: Outcome): { kind: Kind; sign: string; text: string } {
  const took = outcome.milliseconds === undefined ? "" : duration(outcome.milliseconds);
  const after = took && ` after ${took}`;
  const code = outcome.exitCode === undefined ? "" : ` with exit code ${outcome.exitCode}`;
  switch (outcome.status) {
    case "success":
      return { kind: "ok", sign: "✓", text: `The deploy succeeded${took && ` in ${took}`}.` };
    case "failed":
      return { kind: "danger", sign: "✗", text: `The deploy failed${code}${after}.` };
    case "cancelled":
      return { kind: "warning", sign: "■", text: `The deploy was cancelled${after}.` };
  }
}

export function foundWords(state: SearchState | undefined): string {
  if (!state) return "";
  if ("problem" in state) return state.problem;
  const more = state.busy ? "…" : "";
  const partly = state.partial ? " (of very long lines only the beginning)" : "";
  if (state.count === 0) return state.busy ? "Searching…" : `No match${partly}`;
  const count = grouped(state.count) + more;
  return state.position === undefined
    ? `${count} ${state.count === 1 ? "line" : "lines"}${partly}`
    : `${grouped(state.position)} of ${count}${partly}`;
}

export function markedWords(chosen: number, marked: number): string {
  if (marked < chosen) return `${count(marked, "line")} marked of those that are shown`;
  return `${count(marked, "line")} marked`;
}

export function sizeWords(now: Snapshot): string {
  const parts = [
    now.filtered === undefined
      ? count(now.rows, "line")
      : `${grouped(now.filtered)} of ${count(now.rows, "line")}`,
    bytes(now.bytes),
  ];
  if (now.filtering) parts.push("filtering…");
  if (now.trimmed > 0) parts.push(`${grouped(now.trimmed)} trimmed`);
  return parts.join(" · ");
}

export function freshWords(fresh: number): string {
  return fresh === 0 ? "To the end" : `${count(fresh, "new line")}`;
}
