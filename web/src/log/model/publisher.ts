// Tells listeners of a state that changes often, but not more often than controls need.

/** In milliseconds. */
const interval = 100;

export class Publisher<T> {
  private listeners_ = new Set<(now: T) => void>();
  private timer_: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly read: () => T) {}

  subscribe(listener: (now: T) => void): () => void {
    this.listeners_.add(listener);
    return () => void this.listeners_.delete(listener);
  }

  /** Something may have changed. */
  soon(): void {
    this.timer_ ??= setTimeout(() => this.publish_(), interval);
  }

  stop(): void {
    clearTimeout(this.timer_);
    this.timer_ = undefined;
  }

  private publish_(): void {
    this.stop();
    const now = this.read();
    for (const listener of this.listeners_) listener(now);
  }
}
