// The log on screen. Of a list of any length, only the rows in sight and a few around them are
// elements (drawing.ts); where they are is known to scroll.ts. Changes of the store, the list, the
// look or the scroll position take effect in frame(), once a frame.
import type { RowList } from "../store/list";
import type { Store } from "../store/store";
import { Drawing } from "./drawing";
import { shownAtFirst } from "./long";
import { type Metrics, estimate, measure } from "./measure";
import { type RowElement, type RowLook, rowElement } from "./row";
import { RowStates } from "./row_states";
import { Scroll } from "./scroll";

export interface ListLook extends RowLook {
  wrap: boolean;
}

interface Anchor {
  number: number;
  /** Where it is on screen. */
  at: number;
}

/** Rows above and below those in sight that are elements as well. */
const around = 12;
/** So many rows stay elements at most where text is selected across them. */
const mostSelected = 2000;
/** This long after the last scrolling the reader rests. */
const restAfter = 150;
/** About as wide as what stands before a line, without and with its time. */
const gutters = { plain: 24, time: 190 };

export class LogList {
  readonly scroll = new Scroll();
  private states_ = new RowStates();
  private drawing_ = new Drawing();
  private area_ = document.createElement("div");
  private metrics_: Metrics = { row: 20, columns: 80 };
  private scrolledAt_ = -Infinity;
  private current_: number | undefined;
  private chosen_: [from: number, to: number] | undefined;
  /** The row that stays in its place where heights change in this frame. */
  private keep_: number | undefined;
  /** The row whose match is to be brought into sight, once it is drawn. */
  private sought_: number | undefined;

  constructor(
    readonly scroller: HTMLElement,
    private readonly store: Store,
    private list: RowList,
    private look: ListLook,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.area_.className = "log-area";
    this.area_.append(this.drawing_.element);
    scroller.append(this.area_);
    scroller.classList.toggle("log-wrapped", look.wrap);
    this.resized();
  }

  /** What was being read was let go to make room. */
  onReadPartTrimmed: () => void = () => {};

  get firstOnScreen(): number | undefined {
    return this.list.numberAt(this.scroll.heights.placeAt(this.scroll.position));
  }

  numberOf(node: Node): number | undefined {
    return this.drawing_.numberOf(node);
  }

  // --- what may change between frames ---------------------------------------------------------

  setList(list: RowList): void {
    const anchor = this.anchor_();
    this.list = list;
    this.layOutAnew_(anchor);
  }

  setLook(look: ListLook): void {
    const anchor = this.anchor_();
    const moves = look.wrap !== this.look.wrap || (look.wrap && look.zone !== this.look.zone);
    this.look = look;
    this.drawing_.forget();
    this.scroller.classList.toggle("log-wrapped", look.wrap);
    this.measure_();
    if (moves) this.layOutAnew_(anchor);
  }

  resized(): void {
    const anchor = this.anchor_();
    const before = this.metrics_;
    this.measure_();
    this.scroll.view = this.scroller.clientHeight;
    this.scroller.style.setProperty("--log-view-width", `${this.scroller.clientWidth}px`);
    const { row, columns } = this.metrics_;
    if (row !== before.row || (this.look.wrap && columns !== before.columns))
      this.layOutAnew_(anchor);
  }

  private measure_(): void {
    this.metrics_ = measure(this.scroller, this.look.zone === "off" ? gutters.plain : gutters.time);
  }

  /** The element was scrolled, by whomever. */
  scrolled(): void {
    this.scrolledAt_ = this.now();
    this.scroll.view = this.scroller.clientHeight;
    this.scroll.scrolled(this.scroller.scrollTop);
  }

  /** The row that is looked at, and the rows that are chosen. */
  mark(current: number | undefined, chosen: [from: number, to: number] | undefined): void {
    this.current_ = current;
    this.chosen_ = chosen;
    for (const [number, row] of this.drawing_.rows()) this.paint_(number, row);
  }

  toggleSpread(number: number): void {
    this.states_.toggleSpread(number);
    this.redraw_(number);
  }

  toggleMore(number: number): void {
    this.states_.toggleMore(number);
    this.redraw_(number);
  }

  private redraw_(number: number): void {
    this.drawing_.drop(number);
    this.keep_ = number;
    this.scroll.following = false;
  }

  /** Shows as much of a long row as it takes to see its match, and brings that into sight. */
  reveal(number: number): void {
    const row = this.store.at(number);
    const { pattern } = this.look;
    if (!row || !pattern) return;
    if (this.states_.reveal(number, row, pattern)) this.redraw_(number);
    this.sought_ = number;
  }

  /** Brings a row into sight, a third of the screen from the top, and its match. */
  show(number: number): void {
    this.sync_();
    this.reveal(number);
    const position = this.scroll.heights.positionOf(this.list.placeOf(number));
    this.write_(this.scroll.goTo(position, this.scroll.view / 3));
  }

  isOnScreen(number: number): boolean {
    const place = this.list.placeOf(number);
    const { heights, position, view } = this.scroll;
    const at = heights.positionOf(place);
    return at >= position && at + heights.heightOf(place) <= position + view;
  }

  goToStart(): void {
    this.write_(this.scroll.goTo(-Infinity));
  }

  // --- a frame ----------------------------------------------------------------------------------

  /** Returns whether another frame is wanted although nothing else happens. */
  frame(): boolean {
    const gone = this.sync_();
    const resting = this.now() - this.scrolledAt_ > restAfter;
    let top = this.scroll.following || resting ? this.scroll.settle() : undefined;
    let growing = this.draw_();
    // What is measured may bring other rows into sight: a second look is enough nearly always.
    for (let looks = 1; looks < 3 && this.measureDrawn_(); looks++) {
      top = this.scroll.follow() ?? top;
      growing = this.draw_() || growing;
    }
    this.keep_ = undefined;
    this.write_(top);
    if (this.sought_ !== undefined) this.showMatch_(this.sought_, growing);
    if (gone) this.onReadPartTrimmed();
    return growing || (!resting && !this.scroll.following);
  }

  /** New rows get a height, trimmed ones lose theirs. True where what was on screen is gone. */
  private sync_(): boolean {
    const { heights } = this.scroll;
    this.scroll.lead = this.store.first > 0 ? this.metrics_.row : 0;
    // First: what came and went in a tab that was not looked at is passed over.
    const gone = this.list.first > heights.first && this.scroll.cut(this.list.first);
    while (heights.end < this.list.end) heights.push(this.estimate_(heights.end));
    return gone;
  }

  private estimate_(place: number): number {
    const number = this.list.numberAt(place);
    const row = number === undefined ? undefined : this.store.at(number);
    if (!row) return this.metrics_.row;
    return estimate(Math.min(row.text.length, shownAtFirst), this.look.wrap, this.metrics_);
  }

  /** Returns whether a long row has yet to grow. */
  private draw_(): boolean {
    const { from, to } = this.range_();
    const numbers: number[] = [];
    for (let place = from; place < to; place++) numbers.push(this.list.numberAt(place)!);
    const trimmed = from === this.list.first ? this.store.first : 0;
    const growing = this.drawing_.draw(numbers, trimmed, (number) => this.make_(number));
    const lead = this.drawing_.showsTrimmed ? this.scroll.lead : 0;
    const offset = this.scroll.heights.positionOf(from) - lead - this.scroll.base;
    this.drawing_.element.style.transform = `translateY(${offset}px)`;
    return growing;
  }

  private make_(number: number): RowElement {
    const made = rowElement(this.store.at(number)!, number, this.look, this.states_.of(number));
    this.paint_(number, made);
    return made;
  }

  private range_(): { from: number; to: number } {
    const range = this.scroll.range(around);
    const chosen = this.drawing_.chosen();
    if (!chosen) return range;
    const from = Math.max(Math.min(range.from, this.list.placeOf(chosen[0])), this.list.first);
    const to = Math.min(Math.max(range.to, this.list.placeOf(chosen[1]) + 1), this.list.end);
    return to - from <= mostSelected ? { from, to } : range;
  }

  /** Returns whether a height differed from what was assumed. */
  private measureDrawn_(): boolean {
    let differed = false;
    const keep = this.keep_ === undefined ? undefined : this.list.placeOf(this.keep_);
    for (const [number, { element }] of this.drawing_.rows()) {
      const place = this.list.placeOf(number);
      const height = element.getBoundingClientRect().height;
      // In a view that is not shown nothing has a height.
      if (height === 0 || Math.abs(height - this.scroll.heights.heightOf(place)) < 0.01) continue;
      this.scroll.measured(place, height, keep);
      differed = true;
    }
    return differed;
  }

  /** A line that is not wrapped may have its match far to the right, a long one far down. */
  private showMatch_(number: number, growing: boolean): void {
    const mark = this.drawing_.at(number)?.element.querySelector("mark");
    if (mark || !growing) this.sought_ = undefined;
    if (!mark) return;
    const { scroller } = this;
    const { clientWidth: width, clientHeight: height } = scroller;
    const match = mark.getBoundingClientRect();
    const screen = scroller.getBoundingClientRect();
    const right = match.left - screen.left;
    const down = match.top - screen.top;
    if (right < 0 || match.right > screen.left + width) scroller.scrollLeft += right - width / 3;
    if (down < 0 || match.bottom > screen.top + height)
      this.write_(this.scroll.top + down - height / 3);
  }

  private write_(top: number | undefined): void {
    const area = `${Math.round(this.scroll.area)}px`;
    if (this.area_.style.height !== area) this.area_.style.height = area;
    if (top === undefined) return;
    this.scroller.scrollTop = top;
    this.scroll.top = this.scroller.scrollTop;
  }

  // --- helpers ----------------------------------------------------------------------------------

  private paint_(number: number, { element }: RowElement): void {
    const [from, to] = this.chosen_ ?? [0, -1];
    element.classList.toggle("log-current", number === this.current_);
    element.classList.toggle("log-chosen", number >= from && number <= to);
  }

  /** The first row that is wholly on screen. */
  private anchor_(): Anchor | undefined {
    const { heights, position } = this.scroll;
    let place = heights.placeAt(position);
    if (heights.positionOf(place) < position && place + 1 < heights.end) place++;
    const number = this.list.numberAt(place);
    return number === undefined ? undefined : { number, at: heights.positionOf(place) - position };
  }

  private layOutAnew_(anchor: Anchor | undefined): void {
    this.drawing_.forget();
    this.states_.trim(this.store.first);
    this.scroll.heights.reset(this.list.first);
    this.sync_();
    const place = this.list.placeOf(anchor?.number ?? 0);
    this.write_(this.scroll.restore(place, anchor?.at ?? 0));
  }
}
