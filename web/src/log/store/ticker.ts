// Calls back once for however many requests: at the next animation frame, or, in a hidden tab,
// where there are none, by a timer.

export interface Frames {
  request(then: () => void): number;
  cancel(id: number): void;
  after(milliseconds: number, then: () => void): () => void;
}

export const browserFrames: Frames = {
  request: (then) => requestAnimationFrame(then),
  cancel: (id) => cancelAnimationFrame(id),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

const longestWithoutFrame = 500;

export class Ticker {
  private frame_: number | undefined;
  private cancelTimer_ = () => {};

  constructor(
    private readonly tick: () => void,
    private readonly frames: Frames = browserFrames,
  ) {}

  request(): void {
    if (this.frame_ !== undefined) return;
    this.frame_ = this.frames.request(() => this.run_());
    this.cancelTimer_ = this.frames.after(longestWithoutFrame, () => this.run_());
  }

  stop(): void {
    if (this.frame_ !== undefined) this.frames.cancel(this.frame_);
    this.frame_ = undefined;
    this.cancelTimer_();
  }

  private run_(): void {
    this.stop();
    this.tick();
  }
}
