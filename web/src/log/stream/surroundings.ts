// What a connection needs of the browser, so that tests can stand in for it.
import type { Ask } from "./probe";

export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

export interface Surroundings {
  open(path: string): Socket;
  ask: Ask;
  now(): number;
  /** Returns what cancels it. */
  after(milliseconds: number, then: () => void): () => void;
}

export const browser: Surroundings = {
  open(path) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return new WebSocket(`${scheme}://${location.host}${path}`) as unknown as Socket;
  },
  async ask(path, signal) {
    const reply = await fetch(path, { credentials: "same-origin", cache: "no-store", signal });
    const body: unknown = await reply.json().catch(() => null);
    const role = (body as { role?: unknown } | null)?.role;
    return { status: reply.status, role: typeof role === "string" ? role : "" };
  },
  now: () => Date.now(),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};
