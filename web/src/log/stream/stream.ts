// One stream through all the connections that it takes. The reference's rules: 1000 ends it, 1008
// as well, after anything else try again, after one second at first and thirty at most.
//
//   connecting ──opened──▶ live ──1000, 1008──▶ ended
//     ▲   │ refused for good ──────────────────▲
//     │   └──failed──┐         │ lost          │ stop()
//     └── waiting ◀──┴─────────┘
import type { LogSource } from "../source";
import { Backoff } from "./backoff";
import { closing } from "./closing";
import { type Finding, probe } from "./probe";
import type { Socket, Surroundings } from "./surroundings";

export type StreamState =
  | { kind: "connecting"; again: boolean }
  | { kind: "live" }
  /** `until`: when the next attempt is made, in milliseconds since 1970. */
  | { kind: "waiting"; until: number; sentence: string }
  | { kind: "ended"; code: number; reason: string; sentence: string; bad: boolean };

export interface StreamEvents {
  /** The path of the next connection. */
  path(): string;
  opened(): void;
  /** Returns whether it brought something that earlier connections had not. */
  message(text: string): boolean;
  /** What the frames of this connection said of its failure; empty where they said nothing. */
  error(): string;
  /** Whether the frames said that they are all, however the connection ends after them. */
  complete(): boolean;
  changed(state: StreamState): void;
  signedOut(): void;
}

/** A connection that lived this long works, even if it brought nothing. */
const livedLongEnough = 10_000;
/** A handshake that takes longer is given up: the network may have swallowed it. */
const longestHandshake = 20_000;
/** A question over REST is given up after this, for the same reason. */
const longestQuestion = 15_000;
/** As often something is sent: the reference asks for a message every 30 to 60 seconds, and only
    who sends learns that nobody is there any more. */
const betweenSigns = 30_000;
/** A timer that is so late was asleep, and the network with it. In a tab that is not looked at a
    browser lets timers wait for up to a minute. */
const asleep = 90_000;

export class Stream {
  private state_: StreamState = { kind: "connecting", again: false };
  private socket_: Socket | undefined;
  private opened_ = false;
  private backoff_ = new Backoff();
  /** Cancel the timer of the current state, and the one that sends signs of life. */
  private cancel_ = () => {};
  private cancelSign_ = () => {};

  constructor(
    private readonly source: LogSource,
    private readonly events: StreamEvents,
    private readonly around: Surroundings,
  ) {}

  get state(): StreamState {
    return this.state_;
  }

  start(): void {
    this.connect_(false);
  }

  /** Ends the wait, or an end: tries at once. */
  reconnect(): void {
    if (this.state_.kind === "waiting" || this.state_.kind === "ended") this.connect_(true);
  }

  /** The network is another one: what runs over the old one may be dead without knowing it. */
  networkChanged(): void {
    if (this.state_.kind === "ended") return;
    this.leave_();
    this.connect_(true);
  }

  /** For good, and nobody is told. */
  close(): void {
    this.leave_();
    this.state_ = { kind: "ended", code: 1000, reason: "", sentence: "", bad: false };
  }

  /** Ends it from here, as if it were finished. */
  stop(sentence: string): void {
    if (this.state_.kind === "ended") return;
    this.leave_();
    this.end_(1000, "", sentence, false);
  }

  private connect_(again: boolean): void {
    this.cancel_();
    this.opened_ = false;
    this.become_({ kind: "connecting", again });
    const socket = this.around.open(this.events.path());
    this.socket_ = socket;
    this.cancel_ = this.around.after(longestHandshake, () => {
      this.leave_();
      this.wait_("The server does not answer.");
    });
    socket.onopen = () => this.open_();
    socket.onmessage = ({ data }) => this.message_(data);
    socket.onclose = ({ code, reason }) => this.closed_(code, reason);
  }

  private open_(): void {
    this.cancel_();
    this.opened_ = true;
    this.cancel_ = this.around.after(livedLongEnough, () => this.backoff_.reset());
    this.signalLater_();
    this.events.opened();
    this.become_({ kind: "live" });
  }

  /** What a client sends the server reads and ignores. */
  private signalLater_(): void {
    const due = this.around.now() + betweenSigns;
    this.cancelSign_ = this.around.after(betweenSigns, () => {
      if (this.around.now() >= due + asleep) return this.networkChanged();
      this.socket_?.send("");
      this.signalLater_();
    });
  }

  private message_(data: unknown): void {
    if (typeof data !== "string") return;
    // What fails as soon as it is connected is tried less and less often, too, and so is what only
    // repeats itself before it fails.
    if (this.events.message(data) && this.events.error() === "") this.backoff_.reset();
  }

  private closed_(code: number, reason: string): void {
    this.cancel_();
    this.cancelSign_();
    this.socket_ = undefined;
    if (this.events.complete() && code !== 1000) code = 1000;
    const { verdict, sentence } = closing(code, reason, this.events.error());
    if (verdict === "finished")
      return this.end_(code, reason, sentence, this.events.error() !== "");
    if (verdict === "refused") {
      this.end_(code, reason, sentence, true);
      void this.tellSignedOut_();
      return;
    }
    if (this.opened_) this.wait_(sentence);
    else void this.findOut_();
  }

  private async tellSignedOut_(): Promise<void> {
    const ended = this.state_;
    const found = await this.probe_();
    if (found.kind === "signed-out" && this.state_ === ended) this.events.signedOut();
  }

  /** The handshake failed, which as such says nothing. */
  private async findOut_(): Promise<void> {
    const asked = this.state_;
    const found = await this.probe_();
    if (this.state_ !== asked) return;
    if (found.kind === "again") return this.wait_(found.sentence);
    const sentence = found.kind === "refused" ? found.sentence : "You are no longer logged in.";
    this.end_(1006, "", sentence, true);
    if (found.kind === "signed-out") this.events.signedOut();
  }

  private async probe_(): Promise<Finding> {
    const abort = new AbortController();
    const cancel = this.around.after(longestQuestion, () => abort.abort());
    const found = await probe(this.source, (path) => this.around.ask(path, abort.signal));
    cancel();
    return found;
  }

  private wait_(sentence: string): void {
    const time = this.backoff_.next();
    this.become_({ kind: "waiting", until: this.around.now() + time, sentence });
    this.cancel_ = this.around.after(time, () => this.connect_(true));
  }

  private end_(code: number, reason: string, sentence: string, bad: boolean): void {
    this.become_({ kind: "ended", code, reason, sentence, bad });
  }

  private become_(state: StreamState): void {
    this.state_ = state;
    this.events.changed(state);
  }

  private leave_(): void {
    this.cancel_();
    this.cancel_ = () => {};
    this.cancelSign_();
    const socket = this.socket_;
    this.socket_ = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
