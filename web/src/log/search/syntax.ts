// Regular expressions as a tree. The syntax is JavaScript's without what cannot be matched in
// linear time: no backreferences, no lookaround. Where the two differ, a sentence says so.

import { type CharacterTest, controls, lower, only, sets, upper } from "./characters";

export type Node =
  | { kind: "character"; accepts: CharacterTest }
  | { kind: "assertion"; what: Assertion }
  | { kind: "sequence"; of: Node[] }
  | { kind: "choice"; of: Node[] }
  | { kind: "repeat"; of: Node; least: number; most: number; lazy: boolean };

export type Assertion = "start" | "end" | "boundary" | "no-boundary";

export class SyntaxProblem extends Error {}

const mostRepeats = 1000;

export function parse(source: string, ignoreCase: boolean): Node {
  return new Parser(source, ignoreCase).parse();
}

class Parser {
  private at_ = 0;
  private depth_ = 0;
  private readonly characters_: string[];

  constructor(
    source: string,
    private readonly ignoreCase: boolean,
  ) {
    this.characters_ = [...source];
  }

  parse(): Node {
    const node = this.choice_();
    if (this.peek_() === ")") throw new SyntaxProblem("a ) closes no group");
    return node;
  }

  private peek_(): string | undefined {
    return this.characters_[this.at_];
  }

  private eat_(text: string): boolean {
    if (this.characters_.slice(this.at_, this.at_ + text.length).join("") !== text) return false;
    this.at_ += text.length;
    return true;
  }

  private choice_(): Node {
    const branches = [this.sequence_()];
    while (this.eat_("|")) branches.push(this.sequence_());
    return branches.length === 1 ? branches[0]! : { kind: "choice", of: branches };
  }

  private sequence_(): Node {
    const of: Node[] = [];
    for (
      let next = this.peek_();
      next !== undefined && next !== "|" && next !== ")";
      next = this.peek_()
    )
      of.push(this.repeated_(this.atom_()));
    return of.length === 1 ? of[0]! : { kind: "sequence", of };
  }

  private repeated_(of: Node): Node {
    const range = this.quantifier_();
    if (!range) return of;
    const [least, most] = range;
    if (of.kind === "assertion") throw new SyntaxProblem("an anchor cannot be repeated");
    const lazy = this.eat_("?");
    if (this.quantifier_()) throw new SyntaxProblem("there is nothing to repeat");
    return { kind: "repeat", of, least, most, lazy };
  }

  private quantifier_(): [number, number] | undefined {
    if (this.eat_("*")) return [0, Infinity];
    if (this.eat_("+")) return [1, Infinity];
    if (this.eat_("?")) return [0, 1];
    const form = /^\{(\d+)(,(\d*))?\}/.exec(
      this.characters_.slice(this.at_, this.at_ + 20).join(""),
    );
    if (!form) return undefined;
    this.at_ += form[0].length;
    const least = Number(form[1]);
    const most = form[2] === undefined ? least : form[3] === "" ? Infinity : Number(form[3]);
    if (most < least) throw new SyntaxProblem(`in ${form[0]} the numbers are out of order`);
    if (least > mostRepeats || (most !== Infinity && most > mostRepeats))
      throw new SyntaxProblem(`more than ${mostRepeats} repetitions`);
    return [least, most];
  }

  private atom_(): Node {
    const next = this.characters_[this.at_++]!;
    switch (next) {
      case "(":
        return this.group_();
      case "[":
        return this.character_(this.set_());
      case ".":
        return { kind: "character", accepts: (code) => code !== 10 && code !== 13 };
      case "^":
        return { kind: "assertion", what: "start" };
      case "$":
        return { kind: "assertion", what: "end" };
      case "\\":
        return this.escape_();
      case "*":
      case "+":
      case "?":
        throw new SyntaxProblem(`there is nothing to repeat before ${next}`);
      default: {
        const wanted = next.codePointAt(0)!;
        return this.character_((code) => code === wanted);
      }
    }
  }

  private group_(): Node {
    if (this.eat_("?")) {
      const named = /^<[A-Za-z_]\w*>/.exec(
        this.characters_.slice(this.at_, this.at_ + 64).join(""),
      );
      if (named) this.at_ += named[0].length;
      else if (!this.eat_(":"))
        throw new SyntaxProblem("lookaround, (?= (?! (?<, is not supported: it can take forever");
    }
    if (++this.depth_ > 100) throw new SyntaxProblem("groups are nested too deep");
    const node = this.choice_();
    if (!this.eat_(")")) throw new SyntaxProblem("a group is not closed: a ) is missing");
    this.depth_--;
    return node;
  }

  private escape_(): Node {
    if (this.eat_("b")) return { kind: "assertion", what: "boundary" };
    if (this.eat_("B")) return { kind: "assertion", what: "no-boundary" };
    if (/[1-9k]/.test(this.peek_() ?? ""))
      throw new SyntaxProblem("backreferences are not supported: they can take forever");
    return this.character_(this.escaped_().accepts);
  }

  /** What follows a backslash: a set, or one character. */
  private escaped_(): { accepts: CharacterTest; code?: number } {
    const next = this.characters_[this.at_++];
    if (next === undefined) throw new SyntaxProblem("a \\ at the end escapes nothing");
    const set = sets[next.toLowerCase()];
    if (set) {
      const negated = next !== next.toLowerCase();
      return { accepts: negated ? (code) => !set(code) : set };
    }
    if (next === "p" || next === "P") return { accepts: this.property_(next) };
    const code = this.codeOf_(next);
    return { accepts: (other) => other === code, code };
  }

  private codeOf_(next: string): number {
    const control = controls[next];
    if (control !== undefined) return control;
    const digits =
      next === "x" ? /^[0-9a-f]{2}/i : next === "u" ? /^(?:[0-9a-f]{4}|\{[0-9a-f]+\})/i : null;
    if (digits) {
      const found = digits.exec(this.characters_.slice(this.at_, this.at_ + 10).join(""));
      if (!found) throw new SyntaxProblem(`\\${next} wants hexadecimal digits`);
      this.at_ += found[0].length;
      return parseInt(found[0].replace(/[{}]/g, ""), 16);
    }
    if (/[A-Za-z0-9]/.test(next)) throw new SyntaxProblem(`\\${next} means nothing`);
    return next.codePointAt(0)!;
  }

  private property_(sign: string): CharacterTest {
    const name = /^\{[\w=]+\}/.exec(this.characters_.slice(this.at_, this.at_ + 64).join(""))?.[0];
    if (!name) throw new SyntaxProblem(`\\${sign} wants a property in braces, such as \\p{L}`);
    this.at_ += name.length;
    try {
      const test = new RegExp(`\\${sign}${name}`, "u");
      return (code) => test.test(String.fromCodePoint(code));
    } catch {
      throw new SyntaxProblem(`there is no property ${name}`);
    }
  }

  private set_(): CharacterTest {
    const negated = this.eat_("^");
    const tests: CharacterTest[] = [];
    for (;;) {
      if (this.peek_() === undefined)
        throw new SyntaxProblem("a set is not closed: a ] is missing");
      if (this.eat_("]")) break;
      const from = this.setItem_();
      const isRange = this.peek_() === "-" && this.characters_[this.at_ + 1] !== "]";
      if (!isRange || from.code === undefined || this.characters_[this.at_ + 1] === undefined) {
        tests.push(from.accepts);
        continue;
      }
      this.at_++;
      const to = this.setItem_();
      const [low, high] = [from.code, to.code];
      if (high === undefined || high < low)
        throw new SyntaxProblem("a range in a set is out of order");
      tests.push((code) => code >= low && code <= high);
    }
    const folded = this.folded_((code) => tests.some((test) => test(code)));
    return negated ? (code) => !folded(code) : folded;
  }

  private setItem_(): { accepts: CharacterTest; code?: number } {
    const next = this.characters_[this.at_++]!;
    if (next === "\\") return this.eat_("b") ? only(8) : this.escaped_();
    return only(next.codePointAt(0)!);
  }

  private character_(accepts: CharacterTest): Node {
    return { kind: "character", accepts: this.folded_(accepts) };
  }

  private folded_(accepts: CharacterTest): CharacterTest {
    if (!this.ignoreCase) return accepts;
    return (code) => accepts(code) || accepts(lower(code)) || accepts(upper(code));
  }
}

/** Whether an assertion holds between two characters, or at an end of the text. */
export function holds(
  what: Assertion,
  atStart: boolean,
  atEnd: boolean,
  afterWord: boolean,
  beforeWord: boolean,
): boolean {
  if (what === "start") return atStart;
  if (what === "end") return atEnd;
  return (afterWord !== beforeWord) === (what === "boundary");
}
