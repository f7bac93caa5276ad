// What a log view follows: knows what to ask for at the next connection, and which of the frames
// that come are new.
import type { Row } from "../row";
import { type Level, continues, levelOf } from "../text/level";

export interface Outcome {
  status: "success" | "failed" | "cancelled";
  exitCode?: number;
  /** From the first frame to the last, by the server's clock. */
  milliseconds?: number;
}

export interface Subject {
  /** The request target of the next connection. */
  path(): string;
  /** A connection was opened. */
  begin(): void;
  /** A frame came. Returns what is to be shown. */
  take(text: string): Row[];
  /** What the last frame said went wrong; empty where nothing did. Of this connection alone. */
  readonly error: string;
  /** How it ended, once the frames have said so. */
  readonly outcome: Outcome | undefined;
  /** Whether rows are kept back until more have come, and what they are if none come. */
  keepsBack(): boolean;
  giveUp(): Row[];
}

/** Gives lines their level, and those that continue another one that of the line before. */
export class Levels {
  private last_ = new Map<string, Level | "">();

  of(stream: string, text: string): Level | "" {
    const found = levelOf(text);
    if (found === "" && continues(text)) return this.last_.get(stream) ?? "";
    this.last_.set(stream, found);
    return found;
  }
}
