// Which line is looked at, and which ones are chosen, for copying or for a link.

export class Marks {
  current: number | undefined;
  chosen: [from: number, to: number] | undefined;

  /** Marks a row, or all between it and the marked one. Nothing marks none. */
  set(number: number | undefined, extend: boolean): void {
    if (extend && this.current !== undefined && number !== undefined) {
      this.chosen = [Math.min(this.current, number), Math.max(this.current, number)];
      return;
    }
    this.current = number;
    this.chosen = number === undefined ? undefined : [number, number];
  }

  /** Rows before this one are gone. */
  trim(first: number): void {
    if (this.chosen && this.chosen[1] < first) this.chosen = undefined;
    else if (this.chosen) this.chosen[0] = Math.max(this.chosen[0], first);
    if (this.current !== undefined && this.current < first) this.current = this.chosen?.[0];
  }
}
