// What went wrong with a request, in words for the page.

/** The server answered, and refused. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The server's own sentence, or one that stands in for it. */
    message: string,
    /** Seconds to wait, of a 429 or 503 that says so. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** No answer came, or none that could be read. */
export class Unreachable extends Error {
  constructor() {
    super("the server cannot be reached, try again");
    this.name = "Unreachable";
  }
}

/** The server's sentences begin in lower case and have no full stop: on the page they do. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "Something went wrong.";
  const begun = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Unreachable) return asSentence(error.message);
  return "Something went wrong in this page. Reload it, and try again.";
}

/** What a login that was refused is told. */
export function loginSentence(error: unknown): string {
  if (!(error instanceof ApiError)) return sentenceOf(error);
  if (error.status === 401) return "This user name and password do not match.";
  // What the server says names the reason, and for a 429 also how long to wait.
  if (error.status === 429 && error.retryAfter && !/\d/.test(error.message))
    return `${asSentence(error.message)} Try again in ${seconds(error.retryAfter)}.`;
  return sentenceOf(error);
}

function seconds(count: number): string {
  if (count < 90) return count === 1 ? "1 second" : `${count} seconds`;
  return `${Math.ceil(count / 60)} minutes`;
}

/** Reads `{"error": sentence}`; a proxy in between may have answered with anything else. */
export function apiError(status: number, body: string, retryAfter: string | null): ApiError {
  const wait = retryAfter !== null && /^[1-9]\d*$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new ApiError(status, sentenceIn(body) ?? `the server answered ${status}`, wait);
}

function sentenceIn(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const { error } = parsed as { error?: unknown };
    return typeof error === "string" && error !== "" ? error : undefined;
  } catch {
    return undefined;
  }
}
