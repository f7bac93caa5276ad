// One request to the server. Cookies go along for the same origin; who is told of a 401 or a 403
// decides what becomes of the page.
import { withDeadline } from "./deadline";
import { ApiError, Unreachable, apiError } from "./errors";

type Method = "GET" | "POST" | "PUT" | "DELETE";

let atBegin: () => () => void = () => () => {};
let onForbidden: () => void = () => {};

/**
 * `begin` is called as a request begins, and what it returned at a 401 (but a login's own): the
 * session that the request was of has ended. There may be another one by then.
 */
export function whenUnauthorized(begin: () => () => void) {
  atBegin = begin;
}

/** Called at every 403: the role may be another one by now. */
export function whenForbidden(then: () => void) {
  onForbidden = then;
}

export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const { status, text } = await answered(path, init, signal, async (reply) => ({
    status: reply.status,
    text: await reply.text(),
  }));
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(status, "the server's answer could not be understood");
  }
}

/** A file, however large: only a pause in it is held against the server. */
export function fetchFile(path: string): Promise<Blob> {
  return answered(path, { method: "GET" }, undefined, async (reply, came) => {
    const parts: BlobPart[] = [];
    const reader = reply.body?.getReader();
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return new Blob(parts);
      parts.push(part.value);
      came();
    }
  });
}

/** What `read` makes of an answer that is none of a refusal. */
async function answered<T>(
  path: string,
  init: RequestInit,
  given: AbortSignal | undefined,
  read: (reply: Response, came: () => void) => Promise<T>,
): Promise<T> {
  const onUnauthorized = path === "/api/auth/login" ? () => {} : atBegin();
  try {
    return await withDeadline(given, async (signal, came) => {
      const reply = await fetch(path, { ...init, credentials: "same-origin", cache: "no-store", signal });
      if (!reply.ok) throw await refusal(reply, onUnauthorized);
      return read(reply, came);
    });
  } catch (error) {
    if (error instanceof ApiError || given?.aborted) throw error;
    // No answer, one that broke off, or none in time.
    throw new Unreachable();
  }
}

async function refusal(reply: Response, onUnauthorized: () => void): Promise<ApiError> {
  const error = apiError(reply.status, await reply.text(), reply.headers.get("Retry-After"));
  if (error.status === 401) onUnauthorized();
  if (error.status === 403) onForbidden();
  return error;
}
