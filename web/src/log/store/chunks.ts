// A long sequence that grows at its end and is cut at its front, each place keeping its number
// for good. Kept in pieces: neither end ever moves what lies between.

const size = 1024;

export class Chunks<T> {
  /** The number of the first element that is kept, and one past the last. */
  first = 0;
  end = 0;
  private pieces_: (T | undefined)[][] = [];
  /** The number of the first element of the first piece, cut or not. */
  private base_ = 0;

  get length(): number {
    return this.end - this.first;
  }

  push(value: T): void {
    const last = this.pieces_.at(-1);
    if (last && last.length < size) last.push(value);
    else this.pieces_.push([value]);
    this.end++;
  }

  at(number: number): T | undefined {
    if (number < this.first || number >= this.end) return undefined;
    const place = number - this.base_;
    return this.pieces_[Math.floor(place / size)]![place % size];
  }

  /** Lets go of everything before this number. */
  cutBefore(number: number): void {
    const before = this.first;
    this.first = Math.min(Math.max(number, this.first), this.end);
    const whole = Math.floor((this.first - this.base_) / size);
    this.pieces_.splice(0, whole);
    this.base_ += whole * size;
    // Of the piece that is cut through as well: a thousand elements may be large.
    const rest = this.first - this.base_;
    if (rest > 0) this.pieces_[0]!.fill(undefined, Math.max(before - this.base_, 0), rest);
  }
}
