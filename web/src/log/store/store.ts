// The rows that are kept, newest last, up to a number of rows and a number of bytes: the oldest go
// first. A row's number says how many came before it, and stays the same when those are gone.
import { type Row, bytesOf } from "../row";
import { Chunks } from "./chunks";

export interface Limits {
  rows: number;
  bytes: number;
}

export const defaultLimits: Limits = { rows: 200_000, bytes: 64 * 1024 * 1024 };

export class Store {
  bytes = 0;
  private rows_ = new Chunks<Row>();

  constructor(readonly limits: Limits = defaultLimits) {}

  /** The number of the oldest row kept; so many were let go. */
  get first(): number {
    return this.rows_.first;
  }

  /** One past the number of the newest row. */
  get end(): number {
    return this.rows_.end;
  }

  get length(): number {
    return this.rows_.length;
  }

  at(number: number): Row | undefined {
    return this.rows_.at(number);
  }

  append(row: Row): void {
    this.rows_.push(row);
    this.bytes += bytesOf(row);
    // The newest row stays, however large.
    let first = this.first;
    let count = this.length;
    while (count > 1 && (count > this.limits.rows || this.bytes > this.limits.bytes)) {
      this.bytes -= bytesOf(this.rows_.at(first)!);
      first++;
      count--;
    }
    if (first !== this.first) this.rows_.cutBefore(first);
  }
}
