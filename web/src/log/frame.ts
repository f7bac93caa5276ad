// The frames of the three streams as values (docs/api/asyncapi.yaml).

export type Frame =
  | { kind: "line"; ts: string; stream: "stdout" | "stderr"; line: string }
  | { kind: "process"; ts: string; line: string }
  | { kind: "skipped"; ts: string; count: number; line: string }
  | { kind: "deploy"; ts: string; action: string; output: string }
  | { kind: "deploy-end"; ts: string; action: string; status: string; exitCode: number | undefined }
  | { kind: "error"; sentence: string }
  /** Something that this page does not know. */
  | { kind: "unknown"; text: string };

export function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "unknown", text };
  }
  if (typeof value === "string") return processFrame(value);
  if (typeof value !== "object" || value === null) return { kind: "unknown", text };
  return objectFrame(value as Record<string, unknown>) ?? { kind: "unknown", text };
}

function objectFrame(of: Record<string, unknown>): Frame | undefined {
  if ("error" in of) return { kind: "error", sentence: textIn(of["error"]) };
  if ("skipped" in of) {
    const count = Number(of["skipped"]) || 0;
    return { kind: "skipped", ts: textIn(of["ts"]), count, line: textIn(of["line"]) };
  }
  if (typeof of["line"] === "string") {
    const stream = of["stream"] === "stderr" ? "stderr" : "stdout";
    return { kind: "line", ts: textIn(of["ts"]), stream, line: of["line"] };
  }
  // That nothing runs is told only to who asks for no deploy in particular.
  if (of["done"] === true) return of["action"] === "none" ? undefined : deployEnd(of);
  if (typeof of["output"] === "string") {
    const { timestamp, action, output } = of;
    return { kind: "deploy", ts: textIn(timestamp), action: textIn(action), output };
  }
  return undefined;
}

function deployEnd(of: Record<string, unknown>): Frame {
  const code = of["exit_code"];
  return {
    kind: "deploy-end",
    ts: textIn(of["timestamp"]),
    action: textIn(of["action"]),
    status: textIn(of["status"]),
    exitCode: typeof code === "number" ? code : undefined,
  };
}

const timePrefix = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) /;
const processSkip = /^\[spillway\] (\d+) lines? skipped, this viewer is too slow$/;

/** A line of the server's own log carries its time in front: here it is a time like any other. */
function processFrame(text: string): Frame {
  const ts = timePrefix.exec(text)?.[1] ?? "";
  const line = ts === "" ? text : text.slice(ts.length + 1);
  const skipped = processSkip.exec(line);
  if (skipped) return { kind: "skipped", ts, count: Number(skipped[1]), line };
  return { kind: "process", ts, line };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
