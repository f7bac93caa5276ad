// Where the reader is. A browser's scroll position is moved as rarely as can be: writing it takes
// the wheel or the finger out of the reader's hand. Instead the rows are laid out around it:
//
//   position   where a row begins, counted from the first row ever (heights.ts)
//   base       the position that lies at the top of the scrolled area; what is on screen begins
//              at base + top
//
// Where rows above the reader change their height or are cut off, base takes it up, and nothing
// moves. Once the reader rests, settle() makes the area begin where the rows begin.
import { Heights } from "./heights";

/** Higher areas are not drawn rightly everywhere: of a longer log, the area is a part. */
const longestArea = 8_000_000;
/** Within this many pixels of the end counts as being there: zoomed pages have fractions. */
const tolerance = 2;

export class Scroll {
  readonly heights = new Heights();
  /** The scroll position of the element, as it was read or written last. */
  top = 0;
  /** How much of it is on screen. */
  view = 0;
  following = true;
  /** How high the notice before the first row is. */
  lead = 0;
  private base_ = 0;

  get base(): number {
    return this.base_;
  }

  /** The position at the top of the screen. */
  get position(): number {
    return this.base_ + this.top;
  }

  /** How high the scrolled area is. */
  get area(): number {
    return Math.max(Math.min(this.heights.bottom - this.base_, longestArea), this.view);
  }

  /** Where the area would begin if it held everything. */
  private get start_(): number {
    return this.heights.top - this.lead;
  }

  private get lowest_(): number {
    return Math.max(this.area - this.view, 0);
  }

  get atEnd(): boolean {
    return this.position + this.view >= this.heights.bottom - tolerance;
  }

  /** The reader, or whoever, has scrolled to here. Up ends following, down to the end begins it.
      Where the area springs back from beyond its end, or its end moved since more of it is on
      screen, that is no scrolling up. */
  scrolled(to: number): void {
    const before = this.top;
    this.top = Math.max(0, Math.min(to, this.lowest_));
    if (this.top < before - 0.9 && this.position + this.view < this.heights.bottom - 0.9)
      this.following = false;
    else if (this.top > before && this.atEnd) this.following = true;
  }

  /** Rows at the front were cut off. True where what was on screen went with them. */
  cut(place: number): boolean {
    this.heights.cutBefore(place);
    if (this.position >= this.start_ || this.following) return false;
    // What is left moves up under the reader, who sees the oldest there is.
    this.base_ = this.start_ - this.top;
    return true;
  }

  /** A row turned out to be so high. `keep` is the row that is to stay where it is on screen:
      without it, what is on screen stays. */
  measured(place: number, height: number, keep?: number): void {
    const position = this.heights.positionOf(place);
    const more = this.heights.set(place, height);
    const above = keep === undefined ? position < this.position : place < keep;
    if (more !== 0 && above && !this.following) this.base_ += more;
  }

  /** The scroll position to write, if any, once the rows of this frame are known. */
  follow(): number | undefined {
    if (!this.following) return undefined;
    this.base_ = Math.max(this.start_, this.heights.bottom - longestArea);
    return this.write_(this.lowest_);
  }

  /** The reader rests: lays the area out anew. Returns the scroll position to write, if any. */
  settle(): number | undefined {
    if (this.following) return this.follow();
    const position = Math.max(this.position, this.start_);
    this.layOut_(position);
    return this.write_(Math.min(position - this.base_, this.lowest_));
  }

  /** Goes to a position, as far up on screen as `from` says. Returns the scroll position. */
  goTo(position: number, from = 0): number | undefined {
    this.following = false;
    const wanted = Math.max(
      Math.min(position - from, this.heights.bottom - this.view),
      this.start_,
    );
    this.layOut_(wanted);
    return this.write_(Math.min(wanted - this.base_, this.lowest_));
  }

  /** All heights were made anew: the row at a place goes to where it was on screen. */
  restore(place: number, onScreen: number): number | undefined {
    if (this.following) return this.follow();
    this.base_ = this.start_;
    this.top = this.heights.positionOf(place) - onScreen - this.base_;
    return this.settle() ?? this.top;
  }

  /** The rows to draw: those on screen and some around them. */
  range(around: number): { from: number; to: number } {
    const { heights } = this;
    const from = Math.max(heights.placeAt(this.position) - around, heights.first);
    const to = Math.min(heights.placeAt(this.position + this.view) + 1 + around, heights.end);
    return { from, to: Math.max(to, from) };
  }

  /** Makes the area hold everything or, where that is too much, what lies around a position. */
  private layOut_(position: number): void {
    const last = this.heights.bottom - longestArea;
    this.base_ = Math.max(Math.min(position - longestArea / 2, last), this.start_);
  }

  private write_(top: number): number | undefined {
    if (Math.abs(top - this.top) < 0.5) return undefined;
    this.top = top;
    return top;
  }
}
