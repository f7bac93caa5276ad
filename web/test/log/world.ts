// A stand-in for the browser, for tests of what goes over streams.
import type { Socket, Surroundings } from "../../src/log/stream/surroundings";

/** A network, a clock and a REST side in the hand of a test. */
export class World implements Surroundings {
  sockets: Socket[] = [];
  time = 0;
  timers: { at: number; then: () => void }[] = [];
  me = { status: 200, role: "viewer" };
  app = { status: 200, role: "" };
  down = false;
  /** Questions are answered when answer() is called, if at all. */
  hangs = false;
  answer = () => {};
  sent: string[] = [];

  open(): Socket {
    const socket: Socket = {
      send: (text) => void this.sent.push(text),
      close() {},
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    this.sockets.push(socket);
    return socket;
  }
  async ask(path: string, signal?: AbortSignal) {
    if (this.hangs)
      await new Promise<void>((answer, giveUp) => {
        this.answer = answer;
        signal?.addEventListener("abort", () => giveUp(new Error("aborted")));
      });
    if (this.down) throw new TypeError("failed to fetch");
    return path === "/api/me" ? this.me : this.app;
  }
  now = () => this.time;
  after(milliseconds: number, then: () => void) {
    const timer = { at: this.time + milliseconds, then };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((one) => one !== timer));
  }
  pass(milliseconds: number) {
    this.time += milliseconds;
    for (const timer of this.timers.filter(({ at }) => at <= this.time)) {
      this.timers = this.timers.filter((one) => one !== timer);
      timer.then();
    }
  }
  get last() {
    return this.sockets.at(-1)!;
  }
}
