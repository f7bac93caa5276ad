// What is searched for: a text, or a regular expression.
import { Automaton } from "./automaton";
import { type Found, Machine } from "./machine";
import { compile } from "./program";
import { SyntaxProblem, parse } from "./syntax";

export interface Query {
  text: string;
  regex: boolean;
  matchCase: boolean;
}

export interface Pattern {
  test(text: string): boolean;
  /** The places of its matches in order, so many at most; empty matches are left out. */
  find(text: string, most: number): Found[];
  /** Some line was too long to be looked at as a whole. */
  readonly partial: boolean;
}

export type Made = { pattern: Pattern | undefined } | { problem: string };

/** No pattern where nothing is searched for; a problem, in words, where it is no pattern. */
export function patternOf(query: Query): Made {
  if (query.text === "") return { pattern: undefined };
  if (!query.regex) return { pattern: literal(query) };
  try {
    return { pattern: regular(query) };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { problem: error.message };
    throw error;
  }
}

/** A literal has nothing to go back for: here the browser's own engine is safe, and fast. */
function literal({ text, matchCase }: Query): Pattern {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const once = new RegExp(escaped, matchCase ? "" : "i");
  const all = new RegExp(escaped, matchCase ? "g" : "gi");
  return {
    partial: false,
    test: (line) => once.test(line),
    find(line, most) {
      const found: Found[] = [];
      all.lastIndex = 0;
      for (let match = all.exec(line); match && found.length < most; match = all.exec(line))
        found.push([match.index, match.index + match[0].length]);
      return found;
    },
  };
}

/** So many steps of the machine take some hundredths of a second: a line that needs more of them is
    searched as far as they reach. */
const stepsPerLine = 2_000_000;
/** For what is marked beside the first match: it may be looked for at every character anew. */
const stepsForMore = 200_000;

function regular({ text, matchCase }: Query): Pattern {
  const program = compile(parse(text, !matchCase));
  const automaton = new Automaton(program);
  const machine = new Machine(program);
  let partial = false;
  return {
    get partial() {
      return partial;
    },
    test(line) {
      const known = automaton.test(line);
      if (known !== undefined) return known;
      machine.left = stepsPerLine;
      const found = machine.find(line, 0, true) !== undefined;
      partial ||= !found && machine.left < 0;
      return found;
    },
    find(line, most) {
      const found: Found[] = [];
      if (automaton.test(line) === false) return found;
      machine.left = stepsPerLine;
      for (let from = 0; from <= line.length && found.length < most && machine.left >= 0;) {
        const match = machine.find(line, from);
        if (!match) break;
        if (match[1] > match[0]) found.push(match);
        if (found.length === 1) machine.left = Math.min(machine.left, stepsForMore);
        from = Math.max(match[1], match[0] + 1);
      }
      return found;
    },
  };
}
