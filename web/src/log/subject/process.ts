// The server's own log.
import { parseFrame } from "../frame";
import { type Row, notice } from "../row";
import { ProcessSeam, type Settled } from "../seam/process";
import { type LogSource, streamPath } from "../source";
import { skipped } from "./container";
import { Levels, type Subject } from "./subject";

export class ProcessSubject implements Subject {
  readonly outcome = undefined;
  error = "";
  private seam_ = new ProcessSeam();
  private levels_ = new Levels();

  constructor(private readonly source: LogSource & { kind: "process" }) {}

  path(): string {
    return streamPath(this.source);
  }

  begin(): void {
    this.error = "";
    this.seam_.begin();
  }

  take(text: string): Row[] {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case "process":
        return this.rows_(this.seam_.take(text));
      case "skipped": {
        // The notice is no line of the ring, and what comes after it does not follow what was had.
        const rows = this.giveUp();
        this.seam_.noteGap(frame.count);
        rows.push(skipped(frame.count, frame.ts));
        return rows;
      }
      case "error":
        this.error = frame.sentence;
        return [];
      default:
        return [];
    }
  }

  keepsBack(): boolean {
    return this.seam_.keepsBack();
  }

  giveUp(): Row[] {
    return this.rows_(this.seam_.giveUp());
  }

  private rows_({ lines, gap }: Settled): Row[] {
    const rows: Row[] = [];
    if (gap) {
      const words =
        "Lines may be missing here: the server was restarted, or wrote more than it keeps while " +
        "this page was not connected";
      rows.push(notice("gap", words));
    }
    for (const raw of lines) {
      const frame = parseFrame(raw);
      if (frame.kind !== "process") continue;
      const level = this.levels_.of("", frame.line);
      const { ts, line } = frame;
      rows.push({ kind: "line", text: line, ts, stream: "", action: "", level });
    }
    return rows;
  }
}
