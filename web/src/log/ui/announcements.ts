// What a screen reader is told of a log: what came of a command, and now and then that lines have
// come; not everything that changes on the page, since on a busy log that never ends.
import { count } from "../../format/quantities";
import type { Snapshot } from "../model/controller";
import { foundWords } from "./words";

/** A search that is still typed changes sooner. */
const settledAfter = 500;
/** Who stopped following is told of new lines after this, and each time after twice as long. */
const firstWait = 5000;

export class Announcements {
  private text_ = "";
  private hint_ = "";
  private said_ = "";
  private turn_: number | undefined;
  private turnSince_ = 0;
  private turnTold_ = false;
  private fresh_ = 0;
  private wait_ = firstWait;
  private due_ = 0;

  /** What is to be read: another text than before where there is something new. `time`: in
      milliseconds. */
  next(now: Snapshot, time: number): string {
    const news = this.answer_(now) ?? this.search_(now, time) ?? this.lines_(now, time);
    if (news !== undefined) this.text_ = news;
    return this.text_;
  }

  /** What came of a command. */
  private answer_({ hint, said }: Snapshot): string | undefined {
    const { hint_, said_ } = this;
    this.hint_ = hint;
    this.said_ = said;
    if (hint !== hint_ && hint !== "") return hint;
    if (said !== said_) return said;
    return hint === hint_ ? undefined : hint;
  }

  /** Once of every search. */
  private search_({ search }: Snapshot, time: number): string | undefined {
    if (search?.turn !== this.turn_) {
      this.turn_ = search?.turn;
      this.turnSince_ = time;
      this.turnTold_ = search === undefined;
    }
    if (this.turnTold_ || !search || time < this.turnSince_ + settledAfter) return undefined;
    if (!("problem" in search) && search.busy) return undefined;
    this.turnTold_ = true;
    return foundWords(search);
  }

  private lines_({ following, fresh }: Snapshot, time: number): string | undefined {
    if (following) {
      this.fresh_ = 0;
      this.wait_ = firstWait;
      this.due_ = time + firstWait;
    }
    if (fresh === this.fresh_ || time < this.due_) return undefined;
    this.fresh_ = fresh;
    this.wait_ *= 2;
    this.due_ = time + this.wait_;
    return count(fresh, "new line");
  }
}
