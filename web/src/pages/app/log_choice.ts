// Which container's log is meant where the address does not say, and with how much of its past.
import type { Service } from "../../api/types";

/** The one that was asked for, also when it has no containers just now; else the one that is shown,
    since a log is not to change under its reader; else `web`; else the first. */
export function chosenService(
  services: Service[],
  wanted: string | undefined,
  shown: string | undefined,
): string | undefined {
  const names = services.map((one) => one.service);
  return wanted ?? shown ?? (names.includes("web") ? "web" : names[0]);
}

/** What the choice offers: the one that is shown is among it, also without containers. */
export function offeredServices(services: Service[], shown: string): string[] {
  const names = services.map((one) => one.service);
  return names.includes(shown) ? names : [shown, ...names];
}

export interface Beginning {
  value: string;
  text: string;
  tail?: number | "all";
  since?: string;
}

const offered: Beginning[] = [
  { value: "", text: "the last 100 lines" },
  { value: "1000", text: "the last 1,000 lines", tail: 1000 },
  { value: "10000", text: "the last 10,000 lines", tail: 10_000 },
  { value: "10m", text: "the last 10 minutes", tail: "all", since: "10m" },
  { value: "1h", text: "the last hour", tail: "all", since: "1h" },
  { value: "24h", text: "the last 24 hours", tail: "all", since: "24h" },
  { value: "all", text: "its first line", tail: "all" },
];

export function beginOf(route: { tail?: number | "all"; since?: string }): Beginning {
  const found = offered.find((one) => one.tail === route.tail && one.since === route.since);
  if (found) return found;
  const words: string[] = [];
  if (typeof route.tail === "number") words.push(`the last ${route.tail} lines`);
  if (route.since !== undefined) words.push(`since ${route.since}`);
  return { value: "as addressed", text: words.join(", "), tail: route.tail, since: route.since };
}

/** What the choice offers: what is in use is always among it. */
export function beginnings(inUse: Beginning): Beginning[] {
  return offered.some((one) => one.value === inUse.value) ? offered : [inUse, ...offered];
}
