// The line that a link points to, by its time.
import type { Store } from "../store/store";
import { nanosOf } from "../text/time";

export type TargetState =
  { kind: "looking" } | { kind: "found"; number: number; exact: boolean } | { kind: "absent" };

export class Target {
  state: TargetState = { kind: "looking" };
  private next_ = 0;
  private readonly wanted_: bigint | undefined;

  constructor(
    private readonly store: Store,
    at: string,
  ) {
    this.wanted_ = nanosOf(at);
    if (this.wanted_ === undefined) this.state = { kind: "absent" };
  }

  /** Looks at the rows that have come. Where the very line is gone, the first one after it is it. */
  advance(): void {
    if (this.state.kind !== "looking") return;
    this.next_ = Math.max(this.next_, this.store.first);
    for (; this.next_ < this.store.end; this.next_++) {
      const { kind, ts } = this.store.at(this.next_)!;
      const at = kind === "line" && ts ? nanosOf(ts) : undefined;
      if (at === undefined || at < this.wanted_!) continue;
      this.state = { kind: "found", number: this.next_, exact: at === this.wanted_ };
      return;
    }
  }

  /** All that will come has come. True where it was still looked for. */
  giveUp(): boolean {
    if (this.state.kind !== "looking") return false;
    this.state = { kind: "absent" };
    return true;
  }
}
