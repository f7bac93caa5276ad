// Whether a program matches anywhere in a text, asked of every line there is: a deterministic
// automaton, made as it is needed. One step is one look into a table.
//
// A state is the set of places in the program at which a match may go on before the next
// character, and what came before it, which is what ^ and \b ask for.
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

export class Automaton {
  private states_ = new Map<string, State>();
  private start_: State;
  private seen_: Uint8Array;

  constructor(private readonly program: Instruction[]) {
    this.seen_ = new Uint8Array(program.length);
    this.start_ = this.state_([0], true, false);
  }

  test(text: string): boolean {
    let state = this.start_;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let next = unit < 128 ? state.next[unit] : undefined;
      if (next === undefined) {
        const code = unit < 0xd800 ? unit : text.codePointAt(at)!;
        if (code > 0xffff) at++;
        next = unit < 128 ? (state.next[unit] = this.step_(state, code)) : this.other_(state, code);
      }
      if (next === matched) return true;
      state = next;
    }
    return (state.atEnd ??= this.reached_(state, -1) === undefined);
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
