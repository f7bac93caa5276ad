// What a log view shows, and where the server streams it.
import { hrefOf } from "../router";

export type LogSource =
  | {
      kind: "container";
      app: string;
      service: string;
      replica?: number;
      tail?: number | "all";
      since?: string;
    }
  /** `deploy`: the id of a recorded one, which may still run. */
  | { kind: "deploy"; app: string; deploy: string }
  | { kind: "process" };

/** The request target of a stream; parameters without a value are left out. */
export function streamPath(
  source: LogSource,
  parameters: Record<string, string | number | undefined> = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== "") query.set(name, String(value));
  const text = query.toString();
  return pathOf(source) + (text === "" ? "" : `?${text}`);
}

function pathOf(source: LogSource): string {
  switch (source.kind) {
    case "container":
      return `/api/apps/${encodeURIComponent(source.app)}/logs`;
    case "deploy":
      return `/api/apps/${encodeURIComponent(source.app)}/deploy-logs`;
    case "process":
      return "/api/system/process-logs/stream";
  }
}

/** Two sources with the same key are the same stream. */
export function keyOf(source: LogSource): string {
  return JSON.stringify(source, Object.keys(source).sort());
}

/** A line in an address: `TIME`, or where more than one line has that time, `TIME~2` and so on. */
export interface Place {
  ts: string;
  nth: number;
}

export function placeIn(at: string): Place {
  const parts = /^(.*)~([1-9]\d{0,8})$/.exec(at);
  return parts ? { ts: parts[1]!, nth: Number(parts[2]) } : { ts: at, nth: 1 };
}

export function placeText({ ts, nth }: Place): string {
  return nth === 1 ? ts : `${ts}~${nth}`;
}

/** The hash that opens this log at a line. */
export function linkTo(source: LogSource, at: string): string {
  switch (source.kind) {
    case "container": {
      const { app, service, replica } = source;
      const which = replica === undefined ? { service } : { service, replica };
      return hrefOf({ page: "app", app, tab: "log", ...which, at });
    }
    case "deploy": {
      const { app, deploy } = source;
      return hrefOf({ page: "app", app, tab: "deploy", deploy, at });
    }
    case "process":
      return hrefOf({ page: "process-log", at });
  }
}

/** What a downloaded log is called. */
export function fileName(source: LogSource): string {
  const safe = (text: string) => text.replace(/[^A-Za-z0-9._-]+/g, "_");
  switch (source.kind) {
    case "container": {
      const replica = source.replica === undefined ? "" : `-${source.replica}`;
      return `${safe(source.app)}-${safe(source.service)}${replica}.log`;
    }
    case "deploy":
      return `${safe(source.app)}-deploy-${safe(source.deploy)}.log`;
    case "process":
      return "spillway.log";
  }
}
