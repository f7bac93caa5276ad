// What was called and seen, and what is missing in the end.
import { complain } from './findings.mjs';
import { whyNot } from './exceptions.mjs';

/** Names things that must be seen: operations with their statuses, messages, close codes. */
export class Ledger {
  #counts = new Map();

  /** `what`: the answer of an operation, say; `thing`: one of those that are documented for it. */
  announce(what, thing) {
    this.#counts.set(`${what} ${thing}`, 0);
  }

  /** Whether it is documented. */
  saw(what, thing) {
    const key = `${what} ${thing}`;
    if (!this.#counts.has(key)) return false;
    this.#counts.set(key, this.#counts.get(key) + 1);
    return true;
  }

  count(what, thing) {
    return this.#counts.get(`${what} ${thing}`);
  }

  /** One line for each thing; complains of what was not seen without a reason. */
  report() {
    const tally = { seen: 0, excused: 0, missing: 0 };
    for (const [key, count] of this.#counts) {
      const reason = count ? undefined : whyNot(key);
      if (count) ++tally.seen;
      else if (reason) ++tally.excused;
      else ++tally.missing;
      if (count) console.log(`seen ${count} times: ${key}`);
      else if (reason) console.log(`not provoked: ${key}: ${reason}`);
      else complain(`never seen: ${key}`);
    }
    console.log(`${tally.seen} seen, ${tally.excused} not provoked, ${tally.missing} missing`);
  }
}
