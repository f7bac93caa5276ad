// Whether a program matches anywhere in a text, asked of every line there is: a deterministic
// automaton, made as it is needed. One step is one look into a table.
//
// A state is the set of places in the program at which a match may go on before the next
// character, and what came before it, which is what ^ and \b ask for. For some programs nearly
// every character leads to a set that was not there before: they are left to the machine.
import type { Instruction } from "./program";
import { isWord } from "./characters";
import { holds } from "./syntax";

interface State {
  places: number[];
  atStart: boolean;
  afterWord: boolean;
  /** The next states, by ASCII character. */
  next: (State | typeof matched | undefined)[];
  /** The same for other characters. */
  others: Map<number, State | typeof matched>;
  /** Whether it matches if the text ends here; undefined until it was asked for. */
  atEnd: boolean | undefined;
}

const matched = Symbol("matched");
/** More states than this are forgotten, and made anew as they are needed. */
const mostStates = 1000;
const mostOthers = 500;
/** After so much work on steps that were missing in the table, it is asked whether it is any help:
    some hundredths of a second. */
const muchWork = 100_000;
/** It is none where more than one character in so many was missing. */
const charactersPerMiss = 4;
/** After so many more characters it may be: there may be many states, but not ever new ones. */
const charactersOfRest = 32 * 1024;

export class Automaton {
  private states_ = new Map<string, State>();
  private start_: State;
  private seen_: Uint8Array;
  /** Since it was asked last: the characters that were read, the steps that were missing, and the
      work of making them, in places of the program. */
  private read_ = 0;
  private missing_ = 0;
  private work_ = 0;
  /** For so many characters the table is left alone. */
  private rest_ = 0;

  constructor(private readonly program: Instruction[]) {
    this.seen_ = new Uint8Array(program.length);
    this.start_ = this.state_([0], true, false);
  }

  /** Undefined where it takes too long to say: there the machine is faster. */
  test(text: string): boolean | undefined {
    if (this.rest_ > 0) {
      this.rest_ -= text.length;
      return undefined;
    }
    let state = this.start_;
    let counted = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let next = unit < 128 ? state.next[unit] : undefined;
      if (next === undefined) {
        const code = unit < 0xd800 ? unit : text.codePointAt(at)!;
        if (code > 0xffff) at++;
        next = unit < 128 ? (state.next[unit] = this.step_(state, code)) : this.other_(state, code);
        if (this.work_ > muchWork) {
          this.read_ += at - counted;
          counted = at;
          if (!this.helps_()) return undefined;
        }
      }
      if (next === matched) {
        this.read_ += at - counted;
        return true;
      }
      state = next;
    }
    this.read_ += text.length - counted;
    return (state.atEnd ??= this.reached_(state, -1) === undefined);
  }

  private helps_(): boolean {
    const helps = this.missing_ * charactersPerMiss <= this.read_;
    this.rest_ = helps ? 0 : charactersOfRest;
    this.read_ = this.missing_ = this.work_ = 0;
    return helps;
  }

  private other_(state: State, code: number): State | typeof matched {
    let next = state.others.get(code);
    if (next === undefined) {
      if (state.others.size >= mostOthers) state.others.clear();
      state.others.set(code, (next = this.step_(state, code)));
    }
    return next;
  }

  private step_(state: State, code: number): State | typeof matched {
    const reached = this.reached_(state, code);
    this.missing_++;
    this.work_ += state.places.length + (reached?.length ?? 0) + 16;
    if (reached === undefined) return matched;
    // A match may begin at every character.
    const places = new Set([0]);
    for (const place of reached) {
      const instruction = this.program[place]!;
      if (instruction.kind === "character" && instruction.accepts(code)) places.add(place + 1);
    }
    return this.state_(
      [...places].sort((a, b) => a - b),
      false,
      isWord(code),
    );
  }

  /** The characters that may come next, if it is `code` that does (-1: the end); undefined where
      the match is complete. */
  private reached_({ places, atStart, afterWord }: State, code: number): number[] | undefined {
    const reached: number[] = [];
    const stack = [...places];
    this.seen_.fill(0);
    while (stack.length > 0) {
      const place = stack.pop()!;
      if (this.seen_[place]) continue;
      this.seen_[place] = 1;
      const instruction = this.program[place]!;
      if (instruction.kind === "match") return undefined;
      if (instruction.kind === "jump") stack.push(instruction.to);
      else if (instruction.kind === "split") stack.push(instruction.first, instruction.second);
      else if (instruction.kind === "character") reached.push(place);
      else if (holds(instruction.what, atStart, code < 0, afterWord, code >= 0 && isWord(code)))
        stack.push(place + 1);
    }
    return reached;
  }

  private state_(places: number[], atStart: boolean, afterWord: boolean): State {
    const key = `${places.join()} ${atStart} ${afterWord}`;
    let state = this.states_.get(key);
    if (!state) {
      if (this.states_.size >= mostStates) {
        this.states_.clear();
        // It leads to all the others.
        if (this.start_) this.start_.next = [];
        this.start_?.others.clear();
      }
      state = { places, atStart, afterWord, next: [], others: new Map(), atEnd: undefined };
      this.states_.set(key, state);
    }
    return state;
  }
}
