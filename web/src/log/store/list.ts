// Which rows are shown, in order. A place is to a list what a number is to the store: it counts
// from the beginning, and stays when what came before is gone.
import type { Row } from "../row";
import { Chunks } from "./chunks";
import type { Store } from "./store";

export interface RowList {
  /** The first place that is kept, and one past the last. */
  readonly first: number;
  readonly end: number;
  /** The number of the row at a place. */
  numberAt(place: number): number | undefined;
  /** The place of a row, or of the next one that is in the list. */
  placeOf(number: number): number;
}

export class AllRows implements RowList {
  constructor(private readonly store: Store) {}
  get first(): number {
    return this.store.first;
  }
  get end(): number {
    return this.store.end;
  }
  numberAt(place: number): number | undefined {
    return place >= this.first && place < this.end ? place : undefined;
  }
  placeOf(number: number): number {
    return Math.min(Math.max(number, this.first), this.end);
  }
}

/** Says that the time for this frame is used up. */
export type OutOfTime = () => boolean;

/** Looked at without asking for the time. There are conditions that take ten microseconds for every
    character, and to ask costs less than to look at a row. */
const charactersBetween = 256;

/** The rows that a condition holds for. They are looked for in slices, oldest first. */
export class Matching implements RowList {
  private found_ = new Chunks<number>();
  private next_: number;

  constructor(
    private readonly store: Store,
    private readonly accepts: (row: Row) => boolean,
  ) {
    this.next_ = store.first;
  }

  get first(): number {
    return this.found_.first;
  }
  get end(): number {
    return this.found_.end;
  }
  get length(): number {
    return this.found_.length;
  }
  /** Whether all rows have been looked at. */
  get caughtUp(): boolean {
    return this.next_ >= this.store.end;
  }
  numberAt(place: number): number | undefined {
    return this.found_.at(place);
  }
  placeOf(number: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.found_.at(middle)! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  has(number: number): boolean {
    return this.numberAt(this.placeOf(number)) === number;
  }

  /** Goes on until all is looked at or the time is up. */
  advance(outOfTime: OutOfTime): void {
    this.forget_();
    let characters = 0;
    while (!this.caughtUp) {
      const row = this.store.at(this.next_)!;
      if (this.accepts(row)) this.found_.push(this.next_);
      this.next_++;
      characters += row.text.length + 64;
      if (characters < charactersBetween) continue;
      characters = 0;
      if (outOfTime()) return;
    }
  }

  private forget_(): void {
    const { first } = this.store;
    this.next_ = Math.max(this.next_, first);
    const place = this.placeOf(first);
    if (place > this.first) this.found_.cutBefore(place);
  }
}
