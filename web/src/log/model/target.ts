// The line that a link points to, by its time.
import { type Place, placeIn } from "../source";
import type { Store } from "../store/store";
import { nanosOf } from "../text/time";

export type TargetState =
  { kind: "looking" } | { kind: "found"; number: number; exact: boolean } | { kind: "absent" };

/** Lines are stored after newer ones that are at most this much newer. */
const disorder = 1_000_000_000n;

export class Target {
  state: TargetState = { kind: "looking" };
  private next_ = 0;
  private readonly wanted_: bigint | undefined;
  private readonly nth_: number;
  /** How many rows of the very time were found. */
  private same_ = 0;
  /** What is shown where the very line is gone: the last of its time, else the first later one. */
  private closest_: number | undefined;

  constructor(
    private readonly store: Store,
    at: string,
  ) {
    const { ts, nth } = placeIn(at);
    this.wanted_ = nanosOf(ts);
    this.nth_ = nth;
    if (this.wanted_ === undefined) this.state = { kind: "absent" };
  }

  /** Looks at the rows that have come. */
  advance(): void {
    if (this.state.kind !== "looking") return;
    this.next_ = Math.max(this.next_, this.store.first);
    for (; this.next_ < this.store.end; this.next_++) {
      const { kind, ts } = this.store.at(this.next_)!;
      const at = kind === "line" && ts ? nanosOf(ts) : undefined;
      if (at === undefined || at < this.wanted_!) continue;
      if (at === this.wanted_) {
        this.closest_ = this.next_;
        if (++this.same_ === this.nth_) return this.found_(true);
      }
      this.closest_ ??= this.next_;
      if (at >= this.wanted_! + disorder) return this.found_(false);
    }
  }

  /** All that will come has come. True where it was still looked for. */
  giveUp(): boolean {
    if (this.state.kind !== "looking") return false;
    if (this.closest_ === undefined) this.state = { kind: "absent" };
    else this.found_(false);
    return true;
  }

  private found_(exact: boolean): void {
    this.state = { kind: "found", number: Math.max(this.closest_!, this.store.first), exact };
  }
}

/** Where a row is, for a link to it; undefined where it has no time. */
export function placeOfRow(store: Store, number: number): Place | undefined {
  const row = store.at(number);
  if (!row?.ts) return undefined;
  let nth = 1;
  for (let before = store.first; before < number; before++) {
    const { kind, ts } = store.at(before)!;
    if (kind === "line" && ts === row.ts) nth++;
  }
  return { ts: row.ts, nth: row.kind === "line" ? nth : 1 };
}
