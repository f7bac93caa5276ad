// Brings a log and its view together: what is shown of it, what is searched in it, which line is
// looked at. Work is done once a frame, in slices, so that the page answers at any rate of lines.
import { grouped } from "../../format/quantities";
import type { Query } from "../search/pattern";
import { type LogSource, linkTo, placeText } from "../source";
import { Ticker } from "../store/ticker";
import type { StreamState } from "../stream/stream";
import type { Outcome } from "../subject/subject";
import type { Surroundings } from "../stream/surroundings";
import { shownText } from "../text/ansi";
import { isJsonObject } from "../text/json";
import type { Zone } from "../text/time";
import { LogList } from "../view/log_list";
import type { Filter } from "./filter";
import { Marks } from "./marks";
import { Publisher } from "./publisher";
import { type SearchState, Selection } from "./selection";
import { LogSession, type SessionEvents } from "./session";
import { Target, type TargetState, placeOfRow } from "./target";

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
  /** How many of the chosen lines pass the filter. */
  marked: number;
  /** The line that a key led to, for who does not see it. */
  said: string;
  /** Something to tell about what was asked for; goes away by itself. */
  hint: string;
}

/** Of a frame's time, in milliseconds, so much is for filtering and searching. */
const slice = 7;
/** A link's line that has not come when nothing else has come for so long does not come. */
const targetPatience = 5000;
const hintTime = 6000;
/** Of a line so many characters are read out. */
const mostSaid = 300;

export class LogController {
  readonly session: LogSession;
  readonly selection: Selection;
  readonly marks = new Marks();
  private readonly publisher_ = new Publisher(() => this.snapshot());
  private readonly ticker_ = new Ticker(() => this.tick_());
  private readonly target_: Target | undefined;
  /** How far the log had come when the target's patience began. */
  private patientAt_ = -1;
  private list_: LogList | undefined;
  /** How many rows were shown when following ended. */
  private endWhenPaused_ = 0;
  private wasFollowing_ = true;
  private hint_ = "";
  private said_ = "";
  private timers_ = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly source: LogSource,
    at: string | undefined,
    private look: Look,
    events: Omit<SessionEvents, "changed">,
    around?: Surroundings,
  ) {
    const changed = () => this.touch();
    this.session = new LogSession(source, at, { ...events, changed }, around);
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
    const { search } = this.selection;
    if (!search) return;
    const to = search.step(from, direction);
    if (to !== undefined) this.list_?.reveal(to);
    this.goTo_(to);
    this.say_(`${grouped(search.positionOf(to) ?? 0)} of ${grouped(search.matches.length)}`, to);
  }

  /** Moves the mark to a neighbouring line. */
  moveMark(direction: 1 | -1): void {
    const { current } = this.marks;
    const from = current ?? this.list_?.firstOnScreen ?? 0;
    const to = this.selection.neighbour(from, current === undefined ? 0 : direction);
    this.goTo_(to);
    if (to !== undefined) this.say_(`Line ${grouped(to + 1)}`, to);
  }

  private say_(where: string, number: number | undefined): void {
    const row = number === undefined ? undefined : this.session.store.at(number);
    this.said_ = row ? `${where}: ${shownText(row.text).slice(0, mostSaid)}` : "No match";
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

  /** False where no line was marked. */
  unmark(): boolean {
    if (!this.marks.chosen) return false;
    this.mark(undefined);
    return true;
  }

  /** The chosen lines, or all that are shown. */
  chosenOrAll(): Generator<number> {
    return this.selection.numbers(...(this.marks.chosen ?? []));
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
    const place = current === undefined ? undefined : placeOfRow(this.session.store, current);
    return place && linkTo(this.source, placeText(place));
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
    // Who follows does not look at the linked line any more.
    if (this.following) this.session.held = undefined;
    this.publisher_.soon();
    if (more) this.touch();
  }

  private lookFor_(target: Target): void {
    target.advance();
    const { store, state } = this.session;
    if (state.kind === "ended") target.giveUp();
    if (target.state.kind !== "looking") return this.conclude_(target.state);
    if (state.kind !== "live" || this.patientAt_ === store.end) return;
    // It is loaded from before the line on: as long as more comes, that may still come.
    this.patientAt_ = store.end;
    this.after_("target", targetPatience, () => {
      if (target.giveUp()) this.conclude_(target.state);
    });
  }

  private conclude_(state: TargetState): void {
    if (state.kind === "found") this.showTarget_(state);
    else this.hint("The linked line is not in this log.");
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
      marked: marks.chosen ? selection.countBetween(marks.chosen) : 0,
      said: this.said_,
      hint: this.hint_,
    };
  }
}
