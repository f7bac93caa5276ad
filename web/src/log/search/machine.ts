// Finds where a program matches: it runs over the text, all its alternatives at once (Pike's
// machine): the time is the length of the text times the size of the program, whatever the two are.
// The browser's own regular expressions go back and try again, which for some patterns takes longer
// than anybody lives, and cannot be stopped.
import type { Instruction } from "./program";
import { isWord } from "./characters";
import { holds } from "./syntax";

/** Places in the program in the order of preference, each with where its match began. */
class Threads {
  count = 0;
  readonly at: Int32Array;
  readonly from: Int32Array;
  private seen_: Int32Array;
  private round_ = 0;

  constructor(size: number) {
    this.at = new Int32Array(size);
    this.from = new Int32Array(size);
    this.seen_ = new Int32Array(size);
  }
  clear(): void {
    this.count = 0;
    this.round_++;
  }
  /** False where it is there already, and preferred. */
  claim(place: number): boolean {
    if (this.seen_[place] === this.round_) return false;
    this.seen_[place] = this.round_;
    return true;
  }
  add(place: number, from: number): void {
    this.at[this.count] = place;
    this.from[this.count++] = from;
  }
}

export type Found = [start: number, end: number];

export class Machine {
  /** How many steps it may go before it gives up: to be set, and looked at, by who uses it. */
  left = Infinity;
  private now_: Threads;
  private next_: Threads;
  private stack_: Int32Array;

  constructor(private readonly program: Instruction[]) {
    this.now_ = new Threads(program.length);
    this.next_ = new Threads(program.length);
    this.stack_ = new Int32Array(program.length * 2 + 2);
  }

  /** The leftmost match that begins at `start` or later, the one that JavaScript would find. `any`:
      whichever is complete first, to know that there is one. */
  find(text: string, start = 0, any = false): Found | undefined {
    let found: Found | undefined;
    let before = start > 0 ? text.charCodeAt(start - 1) : -1;
    this.now_.clear();
    for (let at = start; ;) {
      const code = at < text.length ? text.codePointAt(at)! : -1;
      if (!found) this.add_(this.now_, 0, at, at, before, code, text.length);
      if (this.now_.count === 0 && found) return found;
      this.left -= this.now_.count + 1;
      if (this.left < 0) return found;
      const after = at + (code > 0xffff ? 2 : 1);
      this.next_.clear();
      const follow = after < text.length ? text.codePointAt(after)! : -1;
      for (let i = 0; i < this.now_.count; i++) {
        const place = this.now_.at[i]!;
        const instruction = this.program[place]!;
        if (instruction.kind === "match") {
          found = [this.now_.from[i]!, at];
          if (any) return found;
          // What is less preferred is given up.
          break;
        }
        if (instruction.kind === "character" && code >= 0 && instruction.accepts(code))
          this.add_(this.next_, place + 1, this.now_.from[i]!, after, code, follow, text.length);
      }
      [this.now_, this.next_] = [this.next_, this.now_];
      if (at >= text.length) return found;
      before = code;
      at = after;
    }
  }

  /** Follows everything that consumes nothing, the preferred ways first. */
  private add_(
    to: Threads,
    first: number,
    from: number,
    at: number,
    before: number,
    after: number,
    length: number,
  ): void {
    let depth = 0;
    this.stack_[depth++] = first;
    while (depth > 0) {
      const place = this.stack_[--depth]!;
      this.left--;
      if (!to.claim(place)) continue;
      const instruction = this.program[place]!;
      switch (instruction.kind) {
        case "jump":
          this.stack_[depth++] = instruction.to;
          break;
        case "split":
          this.stack_[depth++] = instruction.second;
          this.stack_[depth++] = instruction.first;
          break;
        case "assertion":
          if (holds(instruction.what, at === 0, at === length, isWord(before), isWord(after)))
            this.stack_[depth++] = place + 1;
          break;
        default:
          to.add(place, from);
      }
    }
  }
}
