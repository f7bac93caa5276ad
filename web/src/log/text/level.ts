// How bad a line says it is. Logs say so in many ways; what is certain is read, nothing is guessed
// from prose ("0 errors found" is no error).

/** In the order of their weight, the heaviest first. */
export const levels = ["error", "warn", "info", "debug"] as const;
export type Level = (typeof levels)[number];

const names: Record<string, Level> = {
  emerg: "error",
  emergency: "error",
  alert: "error",
  panic: "error",
  fatal: "error",
  crit: "error",
  critical: "error",
  severe: "error",
  error: "error",
  err: "error",
  e: "error",
  f: "error",
  warn: "warn",
  warning: "warn",
  w: "warn",
  notice: "info",
  info: "info",
  information: "info",
  informational: "info",
  i: "info",
  debug: "debug",
  dbug: "debug",
  dbg: "debug",
  trace: "debug",
  verbose: "debug",
  d: "debug",
};

/** Names that are also words of prose count in capitals, in brackets, or before a colon. */
const words =
  "EMERG|EMERGENCY|ALERT|PANIC|FATAL|CRIT|CRITICAL|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE";
const inCapitals = new RegExp(`(?:^|[^A-Za-z0-9_./-])(${words})(?![A-Za-z0-9_./-])`);
const inBrackets = new RegExp(`[[<(]\\s*(${words})\\s*[\\])>]`, "i");
const asPrefix = new RegExp(`^\\s*(${words}):`, "i");
const asLogfmt = /(?:^|\s)(?:level|lvl|severity)=["']?([A-Za-z]+)/;
/** `E0417 10:14:32.118000 1 main.go:10]` */
const asKlog = /^([IWEF])\d{4} \d\d:/;

/** A level stands at the beginning of a line, if anywhere. */
const lookedAt = 256;
/** A JSON line above this size is not parsed for its level. */
const longestJson = 64 * 1024;

export function levelOf(line: string): Level | "" {
  const first = line.charCodeAt(0);
  if (first === 0x7b && line.length <= longestJson) {
    const found = levelInJson(line);
    if (found !== undefined) return found;
  }
  let head = line.length > lookedAt ? line.slice(0, lookedAt) : line;
  if (head.includes("\x1b")) head = head.replace(/\x1b\[[0-9;:]*m/g, "");
  const name =
    asLogfmt.exec(head)?.[1] ??
    asKlog.exec(head)?.[1] ??
    inBrackets.exec(head)?.[1] ??
    asPrefix.exec(head)?.[1] ??
    inCapitals.exec(head)?.[1];
  return name === undefined ? "" : (names[name.toLowerCase()] ?? "");
}

/** Undefined where it is no JSON object. */
function levelInJson(line: string): Level | "" | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const of = value as Record<string, unknown>;
  const said = of["level"] ?? of["severity"] ?? of["lvl"] ?? of["log.level"] ?? of["levelname"];
  if (typeof said === "number") return ofNumber(said);
  return typeof said === "string" ? (names[said.toLowerCase()] ?? "") : "";
}

/** The numbers of pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function ofNumber(number: number): Level | "" {
  if (number >= 50) return "error";
  if (number >= 40) return "warn";
  if (number >= 30) return "info";
  return number >= 10 ? "debug" : "";
}

/** A stack trace follows the line that it belongs to: an indented line has the level before it. */
export function continues(line: string): boolean {
  return /^(?:[ \t]+\S|Caused by: )/.test(line);
}
