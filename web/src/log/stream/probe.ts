// Why a stream could not be opened. A browser tells a page nothing of an HTTP answer to a WebSocket
// handshake (401, 404, 503 and a dead server all look alike), so REST is asked instead.
import type { LogSource } from "../source";

export type Finding =
  | { kind: "signed-out" }
  /** The same request will be answered the same. */
  | { kind: "refused"; sentence: string }
  | { kind: "again"; sentence: string };

type Answer = { status: number; role: string };
/** Rejects where no answer came, also where that is since the signal gave it up. */
export type Ask = (path: string, signal: AbortSignal) => Promise<Answer>;

export async function probe(
  source: LogSource,
  ask: (path: string) => Promise<Answer>,
): Promise<Finding> {
  try {
    const me = await ask("/api/me");
    if (me.status === 401) return { kind: "signed-out" };
    if (me.status >= 400) return busy(me.status);
    if (source.kind === "process") {
      if (me.role === "super_admin" || me.role === "") return limited;
      return { kind: "refused", sentence: "The server's own log is for administrators." };
    }
    const app = await ask(`/api/apps/${encodeURIComponent(source.app)}`);
    if (app.status === 401) return { kind: "signed-out" };
    if (app.status === 404)
      return { kind: "refused", sentence: "There is no such app, or it is not granted to you." };
    return app.status >= 400 ? busy(app.status) : limited;
  } catch {
    return { kind: "again", sentence: "The server cannot be reached." };
  }
}

/** All is well but the stream itself: what is left are limits, or a moment's trouble. */
const limited: Finding = {
  kind: "again",
  sentence: "The server did not open the stream: too many may be open, or it is busy.",
};

function busy(status: number): Finding {
  return { kind: "again", sentence: `The server is not ready (it answered ${status}).` };
}
