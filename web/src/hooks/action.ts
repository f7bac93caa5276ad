// A write to the server: whether it is under way, and what became of it.
import { useCallback, useRef, useState } from "preact/hooks";

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error: unknown;
  clear: () => void;
}

/** `run` never throws: true when it succeeded, else `error` has why. A second call waits for none. */
export function useAction<A extends unknown[]>(perform: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const newest = useRef(perform);
  newest.current = perform;
  const running = useRef(false);

  const run = useCallback(async (...args: A) => {
    // A double click is one click.
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await newest.current(...args);
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(undefined), []);
  return { run, busy, error, clear };
}
