// Text that any program in a container may have written, as what a reader may safely see: colours
// become styled runs, every other escape sequence is taken out, and what is left of control
// characters, and whatever turns text around (Unicode's bidirectional controls), is shown as a
// sign. Nothing of it is ever interpreted as anything but a colour.
//
// A style ends with its line: lines come from many programs, skipped and filtered ones are not
// seen, and one that forgot to reset its colour must not paint those of others.
import { type Style, applied, plain } from "./sgr";

/** A run of characters of `text` up to `end`. */
export interface Run {
  end: number;
  style: Style;
}

export interface Shown {
  text: string;
  /** Empty where all of it is plain. */
  runs: Run[];
}

/** C0 without the tab, DEL, C1, bidirectional controls, and Unicode's line separators. */
const special =
  /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]/;
const specialFrom = new RegExp(special.source, "g");

export function shown(line: string): Shown {
  return special.test(line) ? new Reader(line).read() : { text: line, runs: [] };
}

/** The text alone, as it is searched, copied and downloaded. */
export function shownText(line: string): string {
  return special.test(line) ? new Reader(line).read().text : line;
}

const escape = 0x1b;
/** CSI: parameters, intermediates, one final byte. */
const csi = /([0-?]*)([ -/]*)([@-~])/y;
/** An escape sequence with intermediates, such as one that chooses a character set. */
const withIntermediates = /[ -/]+[0-~]/y;
/** What ends a control string: ST in both its forms, and for OSC a bell as well. */
const stringEnd = /\x1b\\|\x9c/g;
const oscEnd = /\x1b\\|\x9c|\x07/g;

class Reader {
  private at_ = 0;
  private text_ = "";
  private style_: Style = plain;
  private runs_: Run[] = [];
  /** A terminator that was looked for in vain is not looked for again: that would be quadratic. */
  private noStringEnd_ = false;
  private noOscEnd_ = false;

  constructor(private readonly line: string) {}

  read(): Shown {
    while (this.at_ < this.line.length) {
      specialFrom.lastIndex = this.at_;
      const next = specialFrom.exec(this.line)?.index ?? this.line.length;
      this.text_ += this.line.slice(this.at_, next);
      this.at_ = next;
      if (next < this.line.length) this.special_(this.line.charCodeAt(next));
    }
    this.endRun_();
    const styled = this.runs_.some(({ style }) => style !== plain);
    return { text: this.text_, runs: styled ? this.runs_ : [] };
  }

  private special_(unit: number): void {
    if (unit === escape) {
      const kind = this.line.charCodeAt(this.at_ + 1);
      if (this.sequence_(kind, this.at_ + 2)) return;
      if (this.match_(withIntermediates, this.at_ + 1)) return;
    } else if (unit >= 0x80 && unit <= 0x9f) {
      // A C1 control is the same as an escape and the character 0x40 below it.
      if (this.sequence_(unit - 0x40, this.at_ + 1)) return;
    } else if (unit === 0x0d && this.at_ === this.line.length - 1) {
      this.at_++;
      return;
    }
    this.text_ += sign(unit);
    this.at_++;
  }

  /** Takes out a whole sequence; false where it is none, or not whole. */
  private sequence_(kind: number, from: number): boolean {
    switch (String.fromCharCode(kind)) {
      case "[": {
        const found = this.match_(csi, from);
        if (!found) return false;
        if (found[3] === "m" && found[2] === "" && /^[0-9;:]*$/.test(found[1]!))
          this.setStyle_(applied(this.style_, found[1]!));
        return true;
      }
      case "]":
        return this.string_(oscEnd, from);
      case "P":
      case "X":
      case "^":
      case "_":
        return this.string_(stringEnd, from);
      default:
        return false;
    }
  }

  private match_(form: RegExp, from: number): RegExpExecArray | null {
    form.lastIndex = from;
    const found = form.exec(this.line);
    if (found) this.at_ = form.lastIndex;
    return found;
  }

  /** Up to its terminator. Without one nothing is taken out, so that no text is hidden. */
  private string_(end: RegExp, from: number): boolean {
    if (end === oscEnd ? this.noOscEnd_ : this.noStringEnd_) return false;
    end.lastIndex = from;
    if (end.exec(this.line)) {
      this.at_ = end.lastIndex;
      return true;
    }
    if (end === oscEnd) this.noOscEnd_ = true;
    this.noStringEnd_ = true;
    return false;
  }

  private setStyle_(style: Style): void {
    this.endRun_();
    this.style_ = isPlain(style) ? plain : style;
  }

  private endRun_(): void {
    const end = this.text_.length;
    if (end > (this.runs_.at(-1)?.end ?? 0)) this.runs_.push({ end, style: this.style_ });
  }
}

function isPlain(style: Style): boolean {
  return (Object.keys(plain) as (keyof Style)[]).every((key) => style[key] === plain[key]);
}

/** A picture of a control character, or its code where Unicode has no picture of it. */
function sign(unit: number): string {
  if (unit < 0x20) return String.fromCharCode(0x2400 + unit);
  if (unit === 0x7f) return "\u2421";
  return `‹U+${unit.toString(16).toUpperCase().padStart(4, "0")}›`;
}
