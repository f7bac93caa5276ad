// How long a poll waits before it asks again.

const longest = 30_000;

/** After a failure each wait is twice the one before, up to half a minute. */
export function nextWait(every: number, failures: number): number {
  return Math.min(every * 2 ** Math.min(failures, 10), Math.max(every, longest));
}
