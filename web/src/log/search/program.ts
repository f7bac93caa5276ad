// A regular expression as a small program for the machine in machine.ts: Thompson's construction.
import type { CharacterTest } from "./characters";
import { type Assertion, type Node, SyntaxProblem } from "./syntax";

export type Instruction =
  | { kind: "character"; accepts: CharacterTest }
  | { kind: "assertion"; what: Assertion }
  /** Goes on at both; the first is preferred. */
  | { kind: "split"; first: number; second: number }
  | { kind: "jump"; to: number }
  | { kind: "match" };

/** Repetitions are written out, so that a short pattern could make a very long program, or, where
    what is repeated is empty, take very long to make a short one. */
const mostSteps = 2000;

export function compile(node: Node): Instruction[] {
  const writer = new Writer();
  writer.write(node);
  writer.program.push({ kind: "match" });
  return writer.program;
}

class Writer {
  readonly program: Instruction[] = [];
  private steps_ = 0;

  write(node: Node): void {
    if (++this.steps_ > mostSteps) throw new SyntaxProblem("the pattern is too large");
    switch (node.kind) {
      case "character":
        this.program.push({ kind: "character", accepts: node.accepts });
        break;
      case "assertion":
        this.program.push({ kind: "assertion", what: node.what });
        break;
      case "sequence":
        for (const part of node.of) this.write(part);
        break;
      case "choice":
        this.choice_(node.of);
        break;
      case "repeat":
        this.repeat_(node);
        break;
    }
  }

  private choice_(branches: Node[]): void {
    const jumps: { kind: "jump"; to: number }[] = [];
    branches.forEach((branch, i) => {
      if (i === branches.length - 1) return this.write(branch);
      const split = this.split_();
      this.write(branch);
      const jump = { kind: "jump" as const, to: 0 };
      this.program.push(jump);
      jumps.push(jump);
      split.second = this.program.length;
    });
    for (const jump of jumps) jump.to = this.program.length;
  }

  private repeat_(node: Node & { kind: "repeat" }): void {
    for (let i = 0; i < node.least; i++) this.write(node.of);
    const splits: { first: number; second: number }[] = [];
    if (node.most === Infinity) {
      const back = this.program.length;
      splits.push(this.split_());
      this.write(node.of);
      this.program.push({ kind: "jump", to: back });
    } else {
      for (let i = node.least; i < node.most; i++) {
        splits.push(this.split_());
        this.write(node.of);
      }
    }
    const end = this.program.length;
    for (const split of splits) {
      if (node.lazy) [split.first, split.second] = [end, split.first];
      else split.second = end;
    }
  }

  /** Its first way goes on with what is written next. */
  private split_(): { kind: "split"; first: number; second: number } {
    const split = { kind: "split" as const, first: this.program.length + 1, second: 0 };
    this.program.push(split);
    return split;
  }
}
