// Brings a log and its view together: what is shown of it, what is searched in it, which line is
// looked at. Work is done once a frame, in slices, so that the page answers at any rate of lines.
import type { Query } from "../search/pattern";
import { type LogSource, linkTo } from "../source";
import { Ticker } from "../store/ticker";
import type { StreamState } from "../stream/stream";
import type { Outcome } from "../subject/subject";
import { isJsonObject } from "../text/json";
import type { Zone } from "../text/time";
import { LogList } from "../view/log_list";
import type { Filter } from "./filter";
import { Marks } from "./marks";
import { Publisher } from "./publisher";
import { type SearchState, Selection } from "./selection";
import { LogSession, type SessionEvents } from "./session";
import { Target, type TargetState } from "./target";

export interface Look {
  wrap: boolean;
  zone: Zone;
}

/** What the controls show. */
export interface Snapshot {
  state: StreamState;
  outcome: Outcome | undefined;
  rows: number;
  bytes: number;
  trimmed: number;
  /** Rows that pass the filter; undefined without one. */
  filtered: number | undefined;
  filtering: boolean;
  following: boolean;
  /** Rows that came since following ended. */
  fresh: number;
  search: SearchState | undefined;
  chosen: [from: number, to: number] | undefined;
  /** Something to tell about what was asked for; goes away by itself. */
  hint: string;
}

/** Of a frame's time, in milliseconds, so much is for filtering and searching. */
const slice = 7;
/** A link's line that has not come this long after the stream went live does not come. */
const targetPatience = 5000;
const hintTime = 6000;

export class LogController {
  readonly session: LogSession;
  readonly selection: Selection;
  readonly marks = new Marks();
  private readonly publisher_ = new Publisher(() => this.snapshot());
  private readonly ticker_ = new Ticker(() => this.tick_());
  private readonly target_: Target | undefined;
  private list_: LogList | undefined;
  /** How many rows were shown when following ended. */
  private endWhenPaused_ = 0;
  private wasFollowing_ = true;
  private hint_ = "";
  private timers_ = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly source: LogSource,
    at: string | undefined,
    private look: Look,
    events: Omit<SessionEvents, "changed">,
  ) {
    this.session = new LogSession(source, at, { ...events, changed: () => this.touch() });
    const { store } = this.session;
    this.selection = new Selection(store, (rows) => {
      this.endWhenPaused_ = rows.end;
      this.list_?.setList(rows);
    });
    if (at !== undefined) this.target_ = new Target(store, at);
  }

  /** Begins; the rows become elements in `scroller`. */
  attach(scroller: HTMLElement): void {
    this.list_ = new LogList(scroller, this.session.store, this.selection.rows, this.listLook_());
    this.list_.onReadPartTrimmed = () =>
      this.hint("What you were reading was trimmed to save memory: this is the oldest there is.");
    if (this.target_?.state.kind === "looking") this.list_.scroll.following = false;
    this.session.start();
    this.touch();
  }

  detach(): void {
    this.session.close();
    this.ticker_.stop();
    this.publisher_.stop();
    for (const timer of this.timers_.values()) clearTimeout(timer);
    this.list_ = undefined;
  }

  subscribe(listener: (now: Snapshot) => void): () => void {
    return this.publisher_.subscribe(listener);
  }

  /** Something changed that a frame would show. */
  touch(): void {
    this.ticker_.request();
  }

  // --- what the controls do ---------------------------------------------------------------------

  setLook(look: Look): void {
    this.look = look;
    this.list_?.setLook(this.listLook_());
    this.touch();
  }

  setFilter(filter: Filter): void {
    this.selection.setFilter(filter);
    this.touch();
  }

  setQuery(query: Query): void {
    this.selection.setQuery(query);
    this.list_?.setLook(this.listLook_());
    this.touch();
  }

  /** To the next match, or the one before. */
  step(direction: 1 | -1): void {
    const from = this.marks.current ?? (this.list_?.firstOnScreen ?? 0) - direction;
    this.goTo_(this.selection.search?.step(from, direction));
  }

  /** Moves the mark to a neighbouring line. */
  moveMark(direction: 1 | -1): void {
    const { current } = this.marks;
    const from = current ?? this.list_?.firstOnScreen ?? 0;
    this.goTo_(this.selection.neighbour(from, current === undefined ? 0 : direction));
  }

  private goTo_(number: number | undefined): void {
    if (number === undefined || !this.list_) return;
    this.mark(number);
    this.list_.scroll.following = false;
    if (!this.list_.isOnScreen(number)) this.list_.show(number);
  }

  mark(number: number | undefined, extend = false): void {
    this.marks.set(number, extend);
    this.list_?.mark(this.marks.current, this.marks.chosen);
    this.touch();
  }

  toggleSpread(number: number): void {
    this.list_?.toggleSpread(number);
    this.touch();
  }

  /** Opens or closes the marked line, whichever way it can be. */
  toggleMarked(): void {
    const { current } = this.marks;
    const row = current === undefined ? undefined : this.session.store.at(current);
    if (!row) return this.hint("Mark a line first, with j or k.");
    if (isJsonObject(row.text)) this.toggleSpread(current!);
    else this.toggleMore(current!);
  }

  toggleMore(number: number): void {
    this.list_?.toggleMore(number);
    this.touch();
  }

  get following(): boolean {
    return this.list_?.scroll.following ?? true;
  }

  set following(on: boolean) {
    if (this.list_) this.list_.scroll.following = on;
    this.touch();
  }

  toStart(): void {
    this.list_?.goToStart();
    this.touch();
  }

  scrolled(): void {
    this.list_?.scrolled();
    this.touch();
  }

  resized(): void {
    this.list_?.resized();
    this.touch();
  }

  numberOf(node: Node): number | undefined {
    return this.list_?.numberOf(node);
  }

  hint(text: string): void {
    this.hint_ = text;
    if (text) this.after_("hint", hintTime, () => this.hint(""));
    this.touch();
  }

  /** The hash that leads to the marked line. */
  link(): string | undefined {
    const { current } = this.marks;
    const ts = current === undefined ? "" : this.session.store.at(current)?.ts;
    return ts ? linkTo(this.source, ts, this.session.subject.deployId) : undefined;
  }

  // --- a frame ----------------------------------------------------------------------------------

  private tick_(): void {
    const end = performance.now() + slice;
    let more = this.selection.advance(() => performance.now() >= end);
    this.marks.trim(this.session.store.first);
    if (this.target_?.state.kind === "looking") this.lookFor_(this.target_);
    if (this.list_ && !document.hidden) more = this.list_.frame() || more;
    if (this.wasFollowing_ && !this.following) this.endWhenPaused_ = this.selection.rows.end;
    this.wasFollowing_ = this.following;
    this.publisher_.soon();
    if (more) this.touch();
  }

  private lookFor_(target: Target): void {
    target.advance();
    const { kind } = this.session.state;
    if (target.state.kind === "found") return this.showTarget_(target.state);
    const absent = () => {
      if (target.giveUp()) this.hint("The linked line is not in this log.");
    };
    if (kind === "ended" || target.state.kind === "absent") absent();
    else if (kind === "live" && !this.timers_.has("target"))
      this.after_("target", targetPatience, absent);
  }

  private showTarget_({ number, exact }: TargetState & { kind: "found" }): void {
    this.session.held = number;
    this.endWhenPaused_ = this.selection.rows.end;
    this.mark(number);
    this.list_?.show(number);
    if (!exact) this.hint("The linked line itself is gone: this is the first one after it.");
  }

  private after_(name: string, milliseconds: number, then: () => void): void {
    clearTimeout(this.timers_.get(name));
    const timer = setTimeout(then, milliseconds);
    this.timers_.set(name, timer);
  }

  private listLook_() {
    return { ...this.look, pattern: this.selection.pattern };
  }

  snapshot(): Snapshot {
    const { store, state, subject } = this.session;
    const { following, selection, marks } = this;
    return {
      state,
      outcome: subject.outcome,
      rows: store.length,
      bytes: store.bytes,
      trimmed: store.first,
      filtered: selection.filtered,
      filtering: selection.filtering,
      following,
      fresh: following ? 0 : Math.max(0, selection.rows.end - this.endWhenPaused_),
      search: selection.searchState(marks.current),
      chosen: marks.chosen,
      hint: this.hint_,
    };
  }
}
