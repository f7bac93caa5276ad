// A server in the hand of a test: it keeps each request until the test answers it.
import "./clock";

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  signal: AbortSignal | undefined;
  /** JSON, unless it is a Response. */
  answer: (status: number, body: unknown) => void;
  fail: (error: unknown) => void;
}

export const requests: Asked[] = [];
/** Answers at once what it knows; the others wait in `requests`. */
export const known = new Map<string, () => unknown>();

globalThis.fetch = ((path: string, init: RequestInit) =>
  new Promise((answered, failed) => {
    const { signal } = init;
    const asked: Asked = {
      method: init.method ?? "GET",
      path,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)),
      signal: signal ?? undefined,
      answer: (status, body) =>
        answered(body instanceof Response ? body : new Response(JSON.stringify(body), { status })),
      fail: failed,
    };
    signal?.addEventListener("abort", () => failed(new DOMException("aborted", "AbortError")));
    requests.push(asked);
    const value = known.get(`${asked.method} ${path}`);
    if (value) asked.answer(200, value());
  })) as typeof fetch;

/** The newest request of a path that nobody has answered yet, or has. */
export function newest(path: string): Asked {
  const found = requests.filter((one) => one.path === path).at(-1);
  if (!found) throw new Error(`nobody asked for ${path}, but for ${requests.map((one) => one.path).join(", ")}`);
  return found;
}

export const asked = (path: string) => requests.filter((one) => one.path === path).length;
