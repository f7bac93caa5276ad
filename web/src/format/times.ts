// Times: how long ago, and the absolute one for those who want to know.

const steps: [limit: number, each: number, name: string][] = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [30 * 86_400, 86_400, "day"],
  [365 * 86_400, 30 * 86_400, "month"],
  [Infinity, 365 * 86_400, "year"],
];

/** "just now", "5 minutes ago", "in 3 days". Clocks differ: a few seconds ahead are now as well. */
export function relative(time: number, now: number): string {
  const seconds = Math.round((now - time) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return "just now";
  const [, each, name] = steps.find(([limit]) => distance < limit)!;
  const number = Math.floor(distance / each);
  const words = `${number} ${name}${number === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** In the reader's own zone, which is named: "2026-04-17 12:14:32 GMT+2". */
export function absolute(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock} ${zone(-date.getTimezoneOffset())}`;
}

function zone(minutes: number): string {
  if (minutes === 0) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes < 0 ? "-" : "+";
  return `GMT${sign}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** Milliseconds, or undefined for what is no time (an empty string means: none). */
export function parseTime(text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
