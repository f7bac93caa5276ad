// A log as it comes in: the stream, what its frames mean, and the rows that are kept.
import { listDeploys } from "../../api/calls";
import { notice } from "../row";
import { type LogEnd, type LogSource } from "../source";
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
  ended(end: LogEnd): void;
  signedOut(): void;
}

/** A server sends its ring in one go: what has not come by then does not come. */
const quietLimit = 2000;
/** Rows kept before one that must stay in sight. */
const context = 100;

export class LogSession {
  readonly store: Store;
  readonly subject: Subject;
  /** A row that must not be trimmed: loading stops before it would be. */
  held: number | undefined;
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
        opened: () => this.subject.begin(),
        message: (text) => this.message_(text),
        error: () => this.subject.error,
        complete: () => this.subject.outcome !== undefined,
        changed: (state) => this.became_(state),
        signedOut: () => events.signedOut(),
      },
      around,
    );
  }

  get state(): StreamState {
    return this.stream_.state;
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

  private message_(text: string): void {
    for (const row of this.subject.take(text)) this.store.append(row);
    this.cancelQuiet_();
    if (this.subject.keepsBack())
      this.cancelQuiet_ = this.around_.after(quietLimit, () => this.giveUp_());
    if (this.held !== undefined && this.store.first > Math.max(0, this.held - context))
      this.hold_();
    this.events.changed();
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
    if (state.kind === "waiting" || state.kind === "ended") {
      this.cancelQuiet_();
      if (state.kind === "ended") this.giveUp_();
      if (this.subject.error) this.tellError_(state.sentence);
    }
    if (state.kind === "ended") {
      const { code, reason } = state;
      const status = this.subject.outcome?.status;
      this.events.ended(status === undefined ? { code, reason } : { code, reason, status });
    }
    this.events.changed();
  }
}

function subjectOf(source: LogSource, at: string | undefined): Subject {
  switch (source.kind) {
    case "container":
      return new ContainerSubject(source, at);
    case "deploy":
      return new DeploySubject(source, async (app) => (await listDeploys(app))[0]?.id);
    case "process":
      return new ProcessSubject(source);
  }
}
