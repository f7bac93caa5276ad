// Where the reader of the server's own log stands. Every connection begins with the server's ring
// of recent lines; what of it was had is found by its overlap with the lines had lately. The
// terminal client follows the same rules (src/client/process_log_position.hpp).
import { hashOf } from "./hash";

/** More than a server's ring holds, unless it was made very large. */
const mostRemembered = 20_000;

export interface Settled {
  lines: string[];
  /** No overlap was found: lines may be missing before these. */
  gap: boolean;
}

/** In place of the hash of a line that was skipped: any line may be that one. */
const unknown = -1;

const nothing: Settled = { lines: [], gap: false };

/**
 * The ring's first line is looked for among the lines that were had, the oldest place first from
 * which on they all follow, up to the newest. If there is no such place, all is new: the server is
 * another one, or has printed more in between than its ring holds. While a place may still be
 * right, its lines are kept back. Of lines that were skipped it is known how many there were, and
 * so how far what came after them lies from what was had before.
 */
export class ProcessSeam {
  /** Hashes of lines, oldest first. */
  private had_: number[] = [];
  /** Places in had_ at which the ring may begin, oldest first; they all fit what is kept back. */
  private places_: number[] = [];
  private keptBack_: { line: string; hash: number }[] = [];
  private comparing_ = false;

  constructor(private readonly most = mostRemembered) {}

  /** A connection was opened. What was kept back is dropped: it comes again. */
  begin(): void {
    this.keptBack_ = [];
    // Where nothing is known from a place on, any ring would fit it.
    let end = this.had_.length;
    while (end > 0 && this.had_[end - 1] === unknown) end--;
    this.places_ = Array.from({ length: end }, (_, at) => at);
    this.comparing_ = this.places_.length > 0;
  }

  keepsBack(): boolean {
    return this.keptBack_.length > 0;
  }

  /** A line came. Returns those that are new by now. */
  take(line: string): Settled {
    const hash = hashOf(line);
    if (!this.comparing_) {
      this.remember_(hash);
      return { lines: [line], gap: false };
    }
    const offset = this.keptBack_.length;
    this.keptBack_.push({ line, hash });
    // A place whose lines are all there already fits, whatever comes after them.
    this.places_ = this.places_.filter(
      (at) => at + offset >= this.had_.length || this.fits_(at + offset, hash),
    );
    const first = this.places_[0];
    if (first === undefined) return this.settle_(0);
    const overlap = this.had_.length - first;
    return overlap <= this.keptBack_.length ? this.settle_(overlap) : nothing;
  }

  /** No more lines come for now: returns those that were kept back, since the place was wrong. */
  giveUp(): Settled {
    if (!this.keepsBack()) return nothing;
    const fits = this.places_.find((at) => this.had_.length - at <= this.keptBack_.length);
    return this.settle_(fits === undefined ? 0 : this.had_.length - fits);
  }

  /** So many lines before the next one were skipped. */
  noteGap(lines: number): void {
    this.places_ = [];
    this.comparing_ = false;
    for (let i = Math.min(lines, this.most); i > 0; i--) this.remember_(unknown);
  }

  private fits_(place: number, hash: number): boolean {
    const had = this.had_[place];
    return had === hash || had === unknown;
  }

  private settle_(overlap: number): Settled {
    this.comparing_ = false;
    this.places_ = [];
    const kept = this.keptBack_;
    this.keptBack_ = [];
    const fresh = kept.slice(overlap);
    for (const { hash } of fresh) this.remember_(hash);
    return { lines: fresh.map(({ line }) => line), gap: overlap === 0 && fresh.length > 0 };
  }

  private remember_(hash: number): void {
    this.had_.push(hash);
    // Cut in pieces: one line at a time would move all of them each time.
    if (this.had_.length > this.most * 2) this.had_ = this.had_.slice(-this.most);
  }
}
