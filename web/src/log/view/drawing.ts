// The elements of the rows in sight, in order, inside one element that is moved as a whole. Rows
// that stay in sight stay the same elements: text that is selected in them stays selected.
import { grouped } from "../../format/quantities";
import type { RowElement } from "./row";

export class Drawing {
  readonly element = document.createElement("div");
  private drawn_ = new Map<number, RowElement>();
  private trimmed_ = document.createElement("div");

  constructor() {
    this.element.className = "log-rows";
    this.trimmed_.className = "log-row log-trimmed";
  }

  rows(): Iterable<[number: number, row: RowElement]> {
    return this.drawn_;
  }

  at(number: number): RowElement | undefined {
    return this.drawn_.get(number);
  }

  /** Makes these rows, and no others, the elements. `trimmed`: a notice before the first one says
      that so many are gone. Returns whether a long row has yet to grow. */
  draw(numbers: number[], trimmed: number, make: (number: number) => RowElement): boolean {
    const wanted = new Set(numbers);
    for (const number of this.drawn_.keys()) if (!wanted.has(number)) this.drop(number);
    this.drawTrimmed_(trimmed);
    let growing = false;
    let after: Element = this.trimmed_;
    for (const number of numbers) {
      let row = this.drawn_.get(number);
      if (!row) {
        row = make(number);
        this.drawn_.set(number, row);
      }
      if (row.long?.grow()) growing = true;
      const inPlace = after.parentNode ? after.nextSibling : this.element.firstChild;
      if (inPlace !== row.element) this.element.insertBefore(row.element, inPlace);
      after = row.element;
    }
    return growing;
  }

  get showsTrimmed(): boolean {
    return this.trimmed_.parentNode !== null;
  }

  private drawTrimmed_(count: number): void {
    if (count === 0) return this.trimmed_.remove();
    const text = `${grouped(count)} older ${count === 1 ? "line" : "lines"} trimmed to save memory`;
    if (this.trimmed_.textContent !== text) this.trimmed_.textContent = text;
    if (this.element.firstChild !== this.trimmed_) this.element.prepend(this.trimmed_);
  }

  /** It is made anew when it is drawn next. */
  drop(number: number): void {
    this.drawn_.get(number)?.element.remove();
    this.drawn_.delete(number);
  }

  forget(): void {
    this.drawn_.clear();
    this.element.replaceChildren();
  }

  /** The row that a node belongs to. */
  numberOf(node: Node | null): number | undefined {
    const element = node instanceof Element ? node : node?.parentElement;
    const row = element?.closest<HTMLElement>(".log-row");
    const number = row && this.element.contains(row) ? row.dataset["number"] : undefined;
    return number === undefined ? undefined : Number(number);
  }

  /** The rows between which text is selected: while they are elements it stays selected. */
  chosen(): [from: number, to: number] | undefined {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return undefined;
    const known = [selection.anchorNode, selection.focusNode]
      .map((node) => this.numberOf(node))
      .filter((number): number is number => number !== undefined);
    return known.length === 0 ? undefined : [Math.min(...known), Math.max(...known)];
  }
}
