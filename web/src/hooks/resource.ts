// Something that is loaded from the server, once or again and again.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useSession } from "../session/session";
import { nextWait } from "./poll_wait";

export interface Resource<T> {
  /** The newest answer, kept when a later request fails. */
  data: T | undefined;
  /** Of the newest request. */
  error: unknown;
  reload: () => void;
}

interface Options {
  /** Milliseconds between one answer and the next request, while the page is looked at. */
  every?: number;
}

interface Answer<T> {
  key: string;
  data?: T;
  error?: unknown;
}

/** Loads anew when `key` changes; an answer for another key is never shown. */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { every }: Options = {},
): Resource<T> {
  const signedIn = useSession().state === "signed-in";
  const [answer, setAnswer] = useState<Answer<T>>({ key });
  const [turn, setTurn] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    if (!signedIn) return;
    const abort = new AbortController();
    let timer: number | undefined;
    let failures = 0;
    let asking = false;

    const ask = async () => {
      timer = undefined;
      // The answer that is on its way is as new as another one's, and sets the next timer.
      if (asking) return;
      asking = true;
      try {
        const data = await loader.current(abort.signal);
        if (abort.signal.aborted) return;
        failures = 0;
        setAnswer({ key, data });
      } catch (error) {
        if (abort.signal.aborted) return;
        failures++;
        setAnswer((before) => (before.key === key ? { ...before, error } : { key, error }));
      }
      asking = false;
      if (every !== undefined && !document.hidden)
        timer = window.setTimeout(ask, nextWait(every, failures));
    };
    // Nobody looks: no requests. Somebody looks again: at once, for what is shown is old.
    const onVisibility = () => {
      if (every === undefined) return;
      window.clearTimeout(timer);
      timer = undefined;
      if (!document.hidden) void ask();
    };
    document.addEventListener("visibilitychange", onVisibility);
    void ask();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [key, every, turn, signedIn]);

  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const own = answer.key === key ? answer : undefined;
  return { data: own?.data, error: own?.error, reload };
}
