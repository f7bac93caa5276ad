// A line too long to be laid out at once: it is shown up to a point, and grows in pieces when the
// rest is asked for, some a frame, so that a line of megabytes does not hold up the page.
import { bytes, count } from "../../format/quantities";
import type { Found } from "../search/machine";
import type { Shown } from "../text/ansi";
import { fillText } from "./text";

/** Of a longer line this much is shown at first. */
export const shownAtFirst = 8 * 1024;
/** Each piece is laid out once, alone. */
const pieceSize = 16 * 1024;
/** As much as one frame takes without being late. */
const growth = 64 * 1024;

export class LongText {
  readonly element = document.createElement("div");
  private lines_ = document.createElement("div");
  private button_ = document.createElement("button");
  private note_ = document.createElement("span");
  private characters_ = 0;

  constructor(
    private readonly text: Shown,
    private readonly marks: Found[],
    /** How much of it is wanted. */
    public wanted: number,
  ) {
    this.lines_.className = "log-text";
    this.button_.type = "button";
    this.button_.className = "log-more";
    this.button_.dataset["do"] = "more";
    this.button_.tabIndex = -1;
    this.note_.className = "log-elsewhere";
    this.element.append(this.button_, this.note_, this.lines_);
    this.grow();
  }

  /** Shows more of what is wanted. True while there is more to come. */
  grow(): boolean {
    const length = this.text.text.length;
    const to = Math.min(Math.max(this.wanted, shownAtFirst), length);
    if (this.characters_ === to) return false;
    // The end of what is shown at first cuts a piece short: it is laid out anew.
    if (this.characters_ < pieceSize && to > this.characters_) {
      this.lines_.replaceChildren();
      this.characters_ = 0;
    }
    const stop = Math.min(to, this.characters_ + growth);
    while (this.characters_ < stop) {
      const piece = document.createElement("div");
      piece.className = "log-piece";
      const end = Math.min(this.characters_ + pieceSize, stop);
      fillText(piece, this.text, this.marks, this.characters_, end);
      this.lines_.append(piece);
      this.characters_ = end;
    }
    // What is long is wrapped even where lines are not.
    const open = to > shownAtFirst;
    this.element.className = open ? "log-long" : "log-cut";
    this.button_.textContent = to < length ? `Show all ${bytes(length)}` : "Show less";
    const hidden = this.marks.filter(([from]) => from >= to).length;
    this.note_.textContent = hidden === 0 ? "" : `${count(hidden, "match", "matches")} further on`;
    return this.characters_ < to;
  }
}
