// How long to wait before the next attempt to connect: one second, twice as long each time, thirty
// at most, as the reference asks of every client.

export const firstWait = 1000;
export const longestWait = 30_000;

export class Backoff {
  private next_ = firstWait;

  /** A connection has shown that it works. */
  reset(): void {
    this.next_ = firstWait;
  }

  next(): number {
    const now = this.next_;
    this.next_ = Math.min(now * 2, longestWait);
    return now;
  }
}
