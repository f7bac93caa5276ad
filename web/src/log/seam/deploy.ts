// Which frames of a deploy were had. Every replay of a deploy is byte for byte the same, so the
// next connection's frames are skipped as long as they are those that were had.
import { hashOf } from "./hash";

export type DeployArrival =
  | "new"
  /** Had before. */
  | "had"
  /** Here the replay begins to differ: what the disk took before the server died, or while it was
      full, is not all that was had. From here on all is new. */
  | "new-and-different";

export class DeploySeam {
  private had_: number[] = [];
  private next_ = 0;

  /** A connection was opened. */
  begin(): void {
    this.next_ = 0;
  }

  /** A frame came, as it was sent, that is not the final one. */
  take(frame: string): DeployArrival {
    const hash = hashOf(frame);
    const had = this.next_ < this.had_.length;
    if (had && this.had_[this.next_] === hash) {
      this.next_++;
      return "had";
    }
    this.had_.length = this.next_++;
    this.had_.push(hash);
    return had ? "new-and-different" : "new";
  }
}
