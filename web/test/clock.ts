// A clock that goes when a test says so; it stands still as soon as this file is imported.

interface Timer {
  id: number;
  at: number;
  every: number | undefined;
  then: () => void;
}

let now = Date.UTC(2026, 3, 17, 10);
let ids = 0;
let timers: Timer[] = [];

const add = (then: () => void, after = 0, every?: number) => {
  timers.push({ id: ++ids, at: now + after, every, then });
  return ids;
};
const remove = (id: number | undefined) => void (timers = timers.filter((one) => one.id !== id));

Date.now = () => now;
Object.assign(globalThis, {
  setTimeout: (then: () => void, after?: number) => add(then, after),
  setInterval: (then: () => void, every: number) => add(then, every, every),
  clearTimeout: remove,
  clearInterval: remove,
});

export function pass(milliseconds: number) {
  const end = now + milliseconds;
  for (;;) {
    const [due] = timers.filter((one) => one.at <= end).sort((one, other) => one.at - other.at);
    if (!due) break;
    now = Math.max(now, due.at);
    if (due.every === undefined) remove(due.id);
    else due.at += due.every;
    due.then();
  }
  now = end;
}

/** How many timers are set. */
export const waiting = () => timers.length;
