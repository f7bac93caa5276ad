// How long an answer may keep one waiting: a network that swallows everything never says so.

const longest_ms = 30_000;

/**
 * `run` gets a signal that aborts when `given` does, or when nothing came for half a minute; it
 * calls `came` where something has come and there is more to wait for.
 */
export async function withDeadline<T>(
  given: AbortSignal | undefined,
  run: (signal: AbortSignal, came: () => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const end = () => abort.abort();
  let timer = setTimeout(end, longest_ms);
  const came = () => {
    clearTimeout(timer);
    timer = setTimeout(end, longest_ms);
  };
  if (given?.aborted) end();
  given?.addEventListener("abort", end);
  try {
    return await run(abort.signal, came);
  } finally {
    clearTimeout(timer);
    given?.removeEventListener("abort", end);
  }
}
