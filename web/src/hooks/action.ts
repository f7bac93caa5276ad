// A write to the server: whether it is under way, and what became of it.
import { useCallback, useRef, useState } from "preact/hooks";
import { useLogin } from "../session/session";

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error: unknown;
  clear: () => void;
}

/** How long a success is waited for in what the page knows of the server. */
const settles_ms = 3000;

/**
 * `run` never throws: true when it succeeded, else `error` has why. A second call waits for none.
 *
 * `known` is what the page knows of that which the write changes: until it is another object, a call
 * after a success is ignored. What it would ask for was decided by looking at what is no more.
 */
export function useAction<A extends unknown[]>(
  perform: (...args: A) => Promise<unknown>,
  known?: object,
): Action<A> {
  // A failure of an earlier login, above all its end, is none of this one's.
  const login = useLogin();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ login: number; error: unknown }>();
  const newest = useRef({ perform, known, login });
  newest.current = { perform, known, login };
  const running = useRef(false);
  const done = useRef<{ known: object | undefined; at: number }>();

  const run = useCallback(async (...args: A) => {
    // A double click is one click.
    if (running.current || settling(done.current, newest.current.known)) return false;
    running.current = true;
    setBusy(true);
    setFailed(undefined);
    try {
      await newest.current.perform(...args);
      done.current = { known: newest.current.known, at: Date.now() };
      return true;
    } catch (error) {
      setFailed({ login: newest.current.login, error });
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setFailed(undefined), []);
  return { run, busy, error: failed?.login === login ? failed.error : undefined, clear };
}

function settling(done: { known: object | undefined; at: number } | undefined, known: object | undefined) {
  return known !== undefined && done?.known === known && Date.now() - done.at < settles_ms;
}
