// Rows that are not as they are at first: spread out, or a long one shown further.
import type { Row } from "../row";
import type { Pattern } from "../search/pattern";
import { shownAtFirst } from "./long";
import { type RowState, charactersToFirstMatch } from "./row";

/** Shown beyond a match in a long line. */
const beyond = 1024;

export class RowStates {
  private states_ = new Map<number, RowState>();

  of(number: number): RowState {
    return this.states_.get(number) ?? { spread: false, wanted: shownAtFirst };
  }

  toggleSpread(number: number): void {
    const state = this.of(number);
    this.states_.set(number, { ...state, spread: !state.spread });
  }

  toggleMore(number: number): void {
    const state = this.of(number);
    const wanted = state.wanted > shownAtFirst ? shownAtFirst : Infinity;
    this.states_.set(number, { ...state, wanted });
  }

  /** Shows as much of a long row as it takes to see its first match. True where that is more. */
  reveal(number: number, row: Row, pattern: Pattern): boolean {
    if (row.text.length <= shownAtFirst) return false;
    const state = this.of(number);
    const wanted = charactersToFirstMatch(row, pattern);
    if (wanted <= Math.max(state.wanted, shownAtFirst)) return false;
    this.states_.set(number, { ...state, wanted: wanted + beyond });
    return true;
  }

  /** Rows before this one are gone. */
  trim(first: number): void {
    for (const number of this.states_.keys()) if (number < first) this.states_.delete(number);
  }
}
