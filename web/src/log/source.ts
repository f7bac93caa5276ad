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
  /** `deploy`: the id of a recorded one; without it, the one that runs or ran just now. */
  | { kind: "deploy"; app: string; deploy?: string }
  | { kind: "process" };

export interface LogEnd {
  code: number;
  reason: string;
  /** Of a deploy: success, failed, cancelled, or none where none was running. */
  status?: string;
}

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

/** The hash that opens this log at a line. `deploy`: the id that a running deploy turned out to have. */
export function linkTo(source: LogSource, at: string, deploy?: string): string {
  switch (source.kind) {
    case "container": {
      const { app, service, replica } = source;
      const which = replica === undefined ? { service } : { service, replica };
      return hrefOf({ page: "app", app, tab: "log", ...which, at });
    }
    case "deploy": {
      const id = source.deploy ?? deploy;
      const which = id === undefined ? {} : { deploy: id };
      return hrefOf({ page: "app", app: source.app, tab: "deploy", ...which, at });
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
      return `${safe(source.app)}-deploy${source.deploy ? `-${safe(source.deploy)}` : ""}.log`;
    case "process":
      return "spillway.log";
  }
}
