// What a source of streams is called, and how its viewers stand.
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

/** From this on a batch that is not through is worth a word; a slow line may well take a moment. */
const slowFrom_ms = 5000;

export function isSlow(viewer: StreamViewer): boolean {
  return (viewer.writing_ms ?? 0) >= slowFrom_ms;
}
