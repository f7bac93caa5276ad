// One request to the server. Cookies go along for the same origin; who is told of a 401 decides
// what becomes of the page.
import { ApiError, Unreachable, apiError } from "./errors";

type Method = "GET" | "POST" | "PUT" | "DELETE";

let onUnauthorized: () => void = () => {};

/** Called at every 401 but a login's own: the session has ended. */
export function whenUnauthorized(then: () => void) {
  onUnauthorized = then;
}

export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const reply = await send(method, path, body, signal);
  const text = await reply.text().catch((error: unknown) => rethrowAborted(error));
  if (!reply.ok) {
    const error = apiError(reply.status, text, reply.headers.get("Retry-After"));
    if (error.status === 401 && path !== "/api/auth/login") onUnauthorized();
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(reply.status, "the server's answer could not be understood");
  }
}

async function send(method: Method, path: string, body: unknown, signal?: AbortSignal) {
  const init: RequestInit = { method, credentials: "same-origin", cache: "no-store" };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    return rethrowAborted(error);
  }
}

function rethrowAborted(error: unknown): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Unreachable();
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
