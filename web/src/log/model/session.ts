// A log as it comes in: the stream, what its frames mean, and the rows that are kept.
import { notice } from "../row";
import type { LogSource } from "../source";
import { Store } from "../store/store";
import { Stream, type StreamState } from "../stream/stream";
import { type Surroundings, browser } from "../stream/surroundings";
import { ContainerSubject } from "../subject/container";
import { DeploySubject } from "../subject/deploy";
import { ProcessSubject } from "../subject/process";
import type { Subject } from "../subject/subject";

export interface SessionEvents {
  /** Rows have come, or the state of the stream is another one. */
  changed(): void;
  ended(): void;
  signedOut(): void;
}

/** A server sends its ring in one go: what has not come by then does not come. */
const quietLimit = 5000;
/** Rows kept before one that must stay in sight. */
const context = 100;

export class LogSession {
  readonly store: Store;
  readonly subject: Subject;
  /** A row that must not be trimmed: loading stops before it would be. */
  held: number | undefined;
  /** Whether the connection that is made now was opened: until then what the subject says of an end
      is of the one before it. */
  private opened_ = false;
  private stream_: Stream;
  private around_: Surroundings;
  private cancelQuiet_ = () => {};

  constructor(
    source: LogSource,
    at: string | undefined,
    private readonly events: SessionEvents,
    around: Surroundings = browser,
    store = new Store(),
  ) {
    this.store = store;
    this.around_ = around;
    this.subject = subjectOf(source, at);
    this.stream_ = new Stream(
      source,
      {
        path: () => this.subject.path(),
        opened: () => {
          this.opened_ = true;
          this.subject.begin();
        },
        message: (text) => this.message_(text),
        error: () => this.error_,
        complete: () => this.opened_ && this.subject.outcome !== undefined,
        changed: (state) => this.became_(state),
        signedOut: () => events.signedOut(),
      },
      around,
    );
  }

  get state(): StreamState {
    return this.stream_.state;
  }

  private get error_(): string {
    return this.opened_ ? this.subject.error : "";
  }

  start(): void {
    this.stream_.start();
  }

  reconnect(): void {
    this.held = undefined;
    this.stream_.reconnect();
  }

  networkChanged(): void {
    this.stream_.networkChanged();
  }

  close(): void {
    this.cancelQuiet_();
    this.stream_.close();
  }

  private message_(text: string): boolean {
    const rows = this.subject.take(text);
    for (const row of rows) this.store.append(row);
    this.cancelQuiet_();
    if (this.subject.keepsBack())
      this.cancelQuiet_ = this.around_.after(quietLimit, () => this.giveUp_());
    if (this.held !== undefined && this.store.first > Math.max(0, this.held - context))
      this.hold_();
    this.events.changed();
    return rows.length > 0;
  }

  private giveUp_(): void {
    for (const row of this.subject.giveUp()) this.store.append(row);
    this.events.changed();
  }

  private hold_(): void {
    this.stream_.stop(
      "Loading stopped here, so that the linked line is not trimmed to save memory. " +
        "Connect again to go on.",
    );
  }

  /** Once, however often it fails again in the same way. */
  private tellError_(sentence: string): void {
    const last = this.store.at(this.store.end - 1);
    if (last?.kind !== "error" || last.text !== sentence)
      this.store.append(notice("error", sentence));
  }

  private became_(state: StreamState): void {
    if (state.kind === "connecting") this.opened_ = false;
    if (state.kind === "waiting" || state.kind === "ended") {
      this.cancelQuiet_();
      if (state.kind === "ended") this.giveUp_();
      if (this.error_) this.tellError_(state.sentence);
    }
    if (state.kind === "ended") this.events.ended();
    this.events.changed();
  }
}

function subjectOf(source: LogSource, at: string | undefined): Subject {
  switch (source.kind) {
    case "container":
      return new ContainerSubject(source, at);
    case "deploy":
      return new DeploySubject(source);
    case "process":
      return new ProcessSubject(source);
  }
}
