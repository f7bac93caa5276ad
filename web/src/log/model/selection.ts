// What of a log is shown: all of it, or what a filter lets through; and what a search finds there.
// Both are looked for in slices, a frame at a time.
import { type Made, type Pattern, type Query, patternOf } from "../search/pattern";
import { AllRows, Matching, type OutOfTime, type RowList } from "../store/list";
import type { Store } from "../store/store";
import { type Filter, filterOf, noFilter } from "./filter";
import { Search } from "./search";

export type SearchState =
  /** `turn`: another one is of another search. */
  | { turn: number; problem: string }
  | {
      turn: number;
      count: number;
      position: number | undefined;
      busy: boolean;
      /** Some lines are too long for it to be looked at as a whole. */
      partial: boolean;
    };

export class Selection {
  rows: RowList;
  search: Search | undefined;
  problem = "";
  /** A filter's rows while they are looked for: they are shown once all are found. */
  private coming_: Matching | undefined;
  private filter_: Filter = noFilter;
  private turn_ = 0;

  constructor(
    private readonly store: Store,
    /** Other rows are shown now. */
    private readonly changed: (rows: RowList) => void,
  ) {
    this.rows = new AllRows(store);
  }

  get pattern(): Pattern | undefined {
    return this.search?.pattern;
  }

  /** Whether a filter has rows left to look at before it shows. */
  get filtering(): boolean {
    return this.coming_ !== undefined;
  }

  get filtered(): number | undefined {
    return this.rows instanceof Matching ? this.rows.length : undefined;
  }

  setFilter(filter: Filter): void {
    this.filter_ = filter;
    this.searchFor_(this.pattern);
    this.apply_();
  }

  setQuery(query: Query): void {
    const made: Made = patternOf(query);
    this.problem = "problem" in made ? made.problem : "";
    this.searchFor_("problem" in made ? undefined : made.pattern);
    if (this.filter_.onlyMatches) this.apply_();
  }

  private searchFor_(pattern: Pattern | undefined): void {
    this.turn_++;
    const filter = filterOf({ ...this.filter_, onlyMatches: false }, undefined);
    this.search = pattern && new Search(this.store, pattern, filter);
  }

  private apply_(): void {
    const accepts = filterOf(this.filter_, this.pattern);
    this.coming_ = accepts && new Matching(this.store, accepts);
    if (!accepts && !(this.rows instanceof AllRows)) this.show_(new AllRows(this.store));
  }

  /** Returns whether there is more to look at. */
  advance(outOfTime: OutOfTime): boolean {
    if (this.rows instanceof Matching) this.rows.advance(outOfTime);
    this.coming_?.advance(outOfTime);
    if (this.coming_?.caughtUp) this.show_(this.coming_);
    this.search?.advance(outOfTime);
    const behind = this.rows instanceof Matching && !this.rows.caughtUp;
    return behind || this.filtering || (this.search !== undefined && !this.search.matches.caughtUp);
  }

  private show_(rows: RowList): void {
    this.coming_ = undefined;
    this.rows = rows;
    this.changed(rows);
  }

  /** The numbers of the shown rows between two, both included: of those that are shown now, however
      long it takes to go through them. */
  numbers(from = 0, to = Infinity): Generator<number> {
    const { rows } = this;
    return numbersOf(rows, rows.placeOf(from), rows.end, to);
  }

  /** How many of the shown rows lie between two, both included. */
  countBetween([from, to]: [from: number, to: number]): number {
    return this.rows.placeOf(to + 1) - this.rows.placeOf(from);
  }

  /** The shown row before or after another one; the last where there is none. */
  neighbour(number: number, direction: 1 | -1 | 0): number | undefined {
    const { rows } = this;
    let place = rows.placeOf(number);
    // Of a row that is not shown this is the next one already.
    if (direction < 0 || rows.numberAt(place) === number) place += direction;
    return rows.numberAt(Math.min(Math.max(place, rows.first), rows.end - 1));
  }

  searchState(current: number | undefined): SearchState | undefined {
    const turn = this.turn_;
    if (this.problem) return { turn, problem: this.problem };
    if (!this.search) return undefined;
    const { matches, pattern } = this.search;
    const position = this.search.positionOf(current);
    const { length: count, caughtUp } = matches;
    return { turn, count, position, busy: !caughtUp, partial: pattern.partial };
  }
}

function* numbersOf(rows: RowList, from: number, end: number, to: number): Generator<number> {
  for (let place = from; place < end; place++) {
    const number = rows.numberAt(place);
    // Trimmed meanwhile.
    if (number === undefined) continue;
    if (number > to) return;
    yield number;
  }
}
