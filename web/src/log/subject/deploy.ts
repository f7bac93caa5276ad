// The output of one deploy.
import { type Frame, parseFrame } from "../frame";
import { type Row, notice } from "../row";
import { DeploySeam } from "../seam/deploy";
import { type LogSource, streamPath } from "../source";
import { nanosOf } from "../text/time";
import { Levels, type Outcome, type Subject } from "./subject";

type DeploySource = LogSource & { kind: "deploy" };

export class DeploySubject implements Subject {
  error = "";
  outcome: Outcome | undefined;
  private seam_ = new DeploySeam();
  private levels_ = new Levels();
  /** When the first frame was made. */
  private begun_: string | undefined;

  constructor(private readonly source: DeploySource) {}

  path(): string {
    return streamPath(this.source, { deploy: this.source.deploy });
  }

  begin(): void {
    this.error = "";
    this.outcome = undefined;
    this.seam_.begin();
  }

  take(text: string): Row[] {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case "deploy":
        return this.line_(text, frame);
      case "deploy-end":
        this.outcome = this.outcome_(frame);
        return [];
      case "error":
        this.error = frame.sentence;
        return [];
      default:
        return [];
    }
  }

  private line_(text: string, { ts, action, output }: Frame & { kind: "deploy" }): Row[] {
    const arrival = this.seam_.take(text);
    if (arrival === "had") return [];
    this.begun_ ??= ts;
    const level = this.levels_.of("", output);
    const row: Row = { kind: "line", text: output, ts, stream: "", action, level };
    if (arrival === "new") return [row];
    const words = "The record of this deploy goes on differently from here";
    return [notice("separator", words, ts), row];
  }

  private outcome_({ ts, status, exitCode }: Frame & { kind: "deploy-end" }): Outcome {
    const known = status === "success" || status === "cancelled" ? status : "failed";
    const outcome: Outcome = { status: known };
    if (exitCode !== undefined) outcome.exitCode = exitCode;
    const from = nanosOf(this.begun_ ?? "");
    const to = nanosOf(ts);
    if (from !== undefined && to !== undefined && to >= from)
      outcome.milliseconds = Number((to - from) / 1_000_000n);
    return outcome;
  }

  keepsBack(): boolean {
    return false;
  }

  giveUp(): Row[] {
    return [];
  }
}
