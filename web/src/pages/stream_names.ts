// What a source of streams is called, and the order of its viewers.
import type { Publisher, StreamViewer } from "../api/types";

export function nameOf(publisher: Publisher): string {
  const { kind, app, service, replica } = publisher;
  if (kind === "process") return "Process log";
  if (kind === "deploy") return `Deploys of ${app ?? "an app"}`;
  if (app && service) return replica === undefined ? `${app} / ${service}` : `${app} / ${service} ${replica}`;
  return publisher.key ?? kind ?? "unnamed";
}

export function keyOf(publisher: Publisher, index: number): string {
  return publisher.key ?? `${nameOf(publisher)} ${index}`;
}

export function viewersOf(publisher: Publisher): StreamViewer[] {
  return Array.isArray(publisher.viewers) ? publisher.viewers : [];
}

export function countOf(publisher: Publisher): number {
  return publisher.viewer_count ?? viewersOf(publisher).length;
}

/** From this on a socket that takes nothing is worth a word; a busy one may well take a moment. */
const stuckFrom_ms = 1000;

export function isStuck(viewer: StreamViewer): boolean {
  return (viewer.writing_ms ?? 0) >= stuckFrom_ms;
}

/** All in their order while they are few enough; else those who lag most, the worst first. */
export function furthestBehind(viewers: StreamViewer[], most: number): StreamViewer[] {
  if (viewers.length <= most) return viewers;
  const lag = (viewer: StreamViewer) => viewer.lag_lines ?? viewer.lag_bytes ?? 0;
  return [...viewers].sort((one, other) => lag(other) - lag(one)).slice(0, most);
}
