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

function regular({ text, matchCase }: Query): Pattern {
  const program = compile(parse(text, !matchCase));
  const automaton = new Automaton(program);
  const machine = new Machine(program);
  return {
    test: (line) => automaton.test(line),
    find(line, most) {
      const found: Found[] = [];
      for (let from = 0; from <= line.length && found.length < most;) {
        const match = machine.find(line, from);
        if (!match) break;
        if (match[1] > match[0]) found.push(match);
        from = Math.max(match[1], match[0] + 1);
      }
      return found;
    },
  };
}
