// How high the rows of a list are, and where each begins: what is not measured is estimated.
// Positions count from the very first row that ever was, so that nothing moves when rows at the
// front are cut off.
const size = 512;

interface Piece {
  /** The place of its first row. */
  from: number;
  heights: Float64Array;
  count: number;
  total: number;
}

export class Heights {
  /** Where the first row that is kept begins, and where the last one ends. */
  top = 0;
  bottom = 0;
  /** The place of the first row that is kept. */
  first = 0;
  /** One past the place of the last row. */
  end = 0;
  private pieces_: Piece[] = [];

  /** Begins anew, with the first row at this place. */
  reset(first: number): void {
    this.pieces_ = [];
    this.first = this.end = first;
    this.top = this.bottom = 0;
  }

  push(height: number): void {
    let last = this.pieces_.at(-1);
    if (!last || last.count === size) {
      last = { from: this.end, heights: new Float64Array(size), count: 0, total: 0 };
      this.pieces_.push(last);
    }
    last.heights[last.count++] = height;
    last.total += height;
    this.bottom += height;
    this.end++;
  }

  heightOf(place: number): number {
    if (place < this.first || place >= this.end) return 0;
    const piece = this.pieces_[this.pieceOf_(place)]!;
    return piece.heights[place - piece.from]!;
  }

  /** Returns by how much it grew: what comes after it moves by that. */
  set(place: number, height: number): number {
    if (place < this.first || place >= this.end) return 0;
    const piece = this.pieces_[this.pieceOf_(place)]!;
    const more = height - piece.heights[place - piece.from]!;
    piece.heights[place - piece.from] = height;
    piece.total += more;
    this.bottom += more;
    return more;
  }

  /** Where a row begins; one past the last is where it ends. */
  positionOf(place: number): number {
    if (place <= this.first) return this.top;
    if (place >= this.end) return this.bottom;
    const at = this.pieceOf_(place);
    let position = this.top;
    for (let i = 0; i < at; i++) position += this.pieces_[i]!.total;
    const piece = this.pieces_[at]!;
    // What was cut off from the first piece is zero by now.
    for (let i = 0; i < place - piece.from; i++) position += piece.heights[i]!;
    return position;
  }

  /** The row at a position: the first or the last one where it lies outside. */
  placeAt(position: number): number {
    let at = this.top;
    for (const piece of this.pieces_) {
      if (position >= at + piece.total) {
        at += piece.total;
        continue;
      }
      for (let i = 0; i < piece.count; i++) {
        at += piece.heights[i]!;
        if (position < at) return Math.max(piece.from + i, this.first);
      }
    }
    return Math.max(this.end - 1, this.first);
  }

  /** Cuts off what comes before a place. Rows that never had a height begin there then. */
  cutBefore(place: number): void {
    const first = Math.min(place, this.end);
    while (this.first < first) {
      const piece = this.pieces_[0]!;
      const pieceEnd = piece.from + piece.count;
      if (pieceEnd <= first) {
        this.top += piece.total;
        this.first = pieceEnd;
        this.pieces_.shift();
        continue;
      }
      for (; this.first < first; this.first++) {
        const i = this.first - piece.from;
        this.top += piece.heights[i]!;
        piece.total -= piece.heights[i]!;
        piece.heights[i] = 0;
      }
    }
    if (place <= this.end) return;
    this.pieces_ = [];
    this.top = this.bottom;
    this.first = this.end = place;
  }

  private pieceOf_(place: number): number {
    // Only the first piece may begin elsewhere; all but the last are full.
    return Math.floor((place - this.pieces_[0]!.from) / size);
  }
}
