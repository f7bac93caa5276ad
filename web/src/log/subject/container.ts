// The log of a container.
import { count } from "../../format/quantities";
import { parseFrame } from "../frame";
import { type Row, notice } from "../row";
import { ContainerSeam } from "../seam/container";
import { type LogSource, placeIn, streamPath } from "../source";
import { defaultLimits } from "../store/store";
import { secondsBefore } from "../text/time";
import { Levels, type Subject } from "./subject";

/** How much is loaded before the line that a link points to, for its context. */
const secondsOfContext = 2;

export class ContainerSubject implements Subject {
  readonly outcome = undefined;
  error = "";
  private seam_ = new ContainerSeam();
  private levels_ = new Levels();

  /** `at`: the time of the line that is to be shown; the log is loaded from there on. */
  constructor(
    private readonly source: LogSource & { kind: "container" },
    private readonly at?: string,
  ) {}

  path(): string {
    const { service, replica } = this.source;
    return streamPath(this.source, { service, replica, ...this.from_() });
  }

  private from_(): { tail?: number | "all" | undefined; since?: string | undefined } {
    const since = this.seam_.since();
    // What came while this page slept may be more than it keeps, and is not worth loading then.
    if (since) return { tail: defaultLimits.rows, since };
    const from = this.at && secondsBefore(placeIn(this.at).ts, secondsOfContext);
    if (from) return { tail: "all", since: from };
    return { tail: this.source.tail, since: this.source.since };
  }

  begin(): void {
    this.error = "";
    this.seam_.begin();
  }

  take(text: string): Row[] {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case "line": {
        const { ts, stream, line } = frame;
        const arrival = this.seam_.take(ts, stream, line);
        if (arrival === "had") return [];
        const level = this.levels_.of(stream, line);
        const row: Row = { kind: "line", text: line, ts, stream, action: "", level };
        return arrival === "new-after-gap" ? [gap(), row] : [row];
      }
      case "skipped":
        this.seam_.noteGap();
        return [skipped(frame.count, frame.ts)];
      case "error":
        this.error = frame.sentence;
        return [];
      default:
        return [];
    }
  }

  keepsBack(): boolean {
    return false;
  }

  giveUp(): Row[] {
    return [];
  }
}

export function skipped(lines: number, ts: string): Row {
  return notice("skipped", `${count(lines, "line")} skipped: this viewer was too slow`, ts);
}

function gap(): Row {
  return notice(
    "gap",
    "Lines may be missing here: what came after the reconnect does not join what was there " +
      "(another container runs now, its log was rotated, or more came than this page keeps)",
  );
}
