// The rows that a search finds among those that are shown, and which of them is looked at.
import type { Row } from "../row";
import type { Pattern } from "../search/pattern";
import { Matching, type OutOfTime } from "../store/list";
import type { Store } from "../store/store";
import { shownText } from "../text/ansi";

export class Search {
  readonly matches: Matching;

  constructor(
    store: Store,
    readonly pattern: Pattern,
    filter: ((row: Row) => boolean) | undefined,
  ) {
    this.matches = new Matching(
      store,
      (row) => row.kind === "line" && (!filter || filter(row)) && pattern.test(shownText(row.text)),
    );
  }

  advance(outOfTime: OutOfTime): void {
    this.matches.advance(outOfTime);
  }

  /** "3 of 120": which of the matches a row is, from one; undefined where it is none. */
  positionOf(number: number | undefined): number | undefined {
    if (number === undefined || !this.matches.has(number)) return undefined;
    return this.matches.placeOf(number) - this.matches.first + 1;
  }

  /** The next match after a row, or the one before it; beyond the end it begins again. */
  step(from: number, direction: 1 | -1): number | undefined {
    const { matches } = this;
    if (matches.length === 0) return undefined;
    const place = matches.placeOf(direction > 0 ? from + 1 : from) - (direction > 0 ? 0 : 1);
    if (place >= matches.end) return matches.numberAt(matches.first);
    if (place < matches.first) return matches.numberAt(matches.end - 1);
    return matches.numberAt(place);
  }
}
