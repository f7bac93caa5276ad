// Where the reader of a container's log stands, so that the next connection goes on from there
// with no line twice and none left out. The terminal client follows the same rules
// (src/client/log_position.hpp).
import { nanosOf, rfc3339 } from "../text/time";
import { hashOf } from "./hash";

/** Lines stored later than a newer one are at most this much older. */
const disorder = 1_000_000_000n;
/** The most lines remembered; where more come in a second, disorder is looked for in fewer. */
const mostRemembered = 1 << 16;

interface HadLine {
  at: bigint;
  hash: number;
}

export type Arrival =
  | "new"
  /** Had before. */
  | "had"
  /** New, and none of the lines that should have come before it has. */
  | "new-after-gap";

/**
 * The server looks for the first line of that time or a later one, and sends it and all that is
 * stored after it. Lines need not be in the order of their times: those of the last second before
 * the newest are asked for once more, and what of them was had is skipped, each as often as it was
 * had. From a history that lies further back Docker sends no older line at all: what is expected
 * and does not come does no harm.
 */
export class ContainerSeam {
  private recent_: HadLine[] = [];
  /** Lines before this place in recent_ are forgotten; they are cut off in pieces. */
  private start_ = 0;
  private newest_: bigint | undefined;
  /** Nothing older is asked for: what is older was not wanted, or is no longer remembered. */
  private floor_: bigint | undefined;
  /** Of the lines that were had, those that this connection has not brought yet. */
  private expected_ = new Map<number, number>();
  private joined_ = true;

  constructor(private readonly most = mostRemembered) {}

  /** What to ask for at the next connection; undefined before the first line: ask as at first. */
  since(): string | undefined {
    const at = this.since_();
    return at === undefined ? undefined : rfc3339(at);
  }

  /** A connection was opened that asked for since(). */
  begin(): void {
    this.expected_.clear();
    const from = this.since_();
    this.joined_ = from === undefined;
    if (from === undefined) return;
    let i = this.start_;
    while (i < this.recent_.length && this.recent_[i]!.at < from) i++;
    for (; i < this.recent_.length; i++) {
      const { hash } = this.recent_[i]!;
      this.expected_.set(hash, (this.expected_.get(hash) ?? 0) + 1);
    }
  }

  take(ts: string, stream: string, line: string): Arrival {
    const at = nanosOf(ts);
    // A line without a time cannot be told from another one.
    if (at === undefined) return "new";
    const hash = hashOf(`${ts} ${stream} ${line}`);
    const times = this.expected_.get(hash);
    if (times !== undefined) {
      if (times === 1) this.expected_.delete(hash);
      else this.expected_.set(hash, times - 1);
      this.joined_ = true;
      return "had";
    }
    // Stamped alike with the first line that was wanted, and stored before it.
    if (!this.joined_ && at === this.floor_) return "had";
    this.remember_(at, hash);
    const arrival = this.joined_ ? "new" : "new-after-gap";
    this.joined_ = true;
    return arrival;
  }

  /** Lines before the next one are missing, and stay so: they are not asked for again. */
  noteGap(): void {
    this.floor_ = undefined;
    // And this was told.
    this.joined_ = true;
  }

  private since_(): bigint | undefined {
    if (this.newest_ === undefined || this.floor_ === undefined) return this.newest_;
    const from = this.newest_ - disorder;
    return this.floor_ > from ? this.floor_ : from;
  }

  private remember_(at: bigint, hash: number): void {
    this.floor_ ??= at;
    if (this.newest_ === undefined || this.newest_ < at) this.newest_ = at;
    this.recent_.push({ at, hash });
    const oldest = this.newest_ - disorder;
    while (this.recent_[this.start_]!.at < oldest) this.start_++;
    while (this.recent_.length - this.start_ > this.most) {
      const above = this.recent_[this.start_++]!.at + 1n;
      if (this.floor_ < above) this.floor_ = above;
    }
    if (this.start_ > 4096 && this.start_ * 2 > this.recent_.length) {
      this.recent_ = this.recent_.slice(this.start_);
      this.start_ = 0;
    }
  }
}
