// Times of log lines. Docker stamps to the nanosecond, which a Date does not hold: they are
// nanoseconds since 1970 in a bigint, and text everywhere else.

const second = 1_000_000_000n;
const form = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:?\d\d)$/;

/** Docker's own form, and the whole second that was read last: at thousands of lines a second, most
    are of the same one. */
const precise = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;
let lastSecond = "";
let lastNanos = 0n;

export function nanosOf(text: string): bigint | undefined {
  if (text.length !== 30 || !precise.test(text)) return parsed(text);
  const whole = text.slice(0, 19);
  if (whole !== lastSecond) {
    const nanos = parsed(`${whole}Z`);
    if (nanos === undefined) return undefined;
    lastSecond = whole;
    lastNanos = nanos;
  }
  return lastNanos + BigInt(text.slice(20, 29));
}

function parsed(text: string): bigint | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  const zone = parts[3]!.toUpperCase();
  const whole = Date.parse(
    parts[1]!.replace(/[t ]/, "T") + (zone.length === 5 ? colon(zone) : zone),
  );
  if (Number.isNaN(whole)) return undefined;
  const fraction = (parts[2] ?? "").slice(0, 9).padEnd(9, "0");
  return BigInt(whole / 1000) * second + BigInt(fraction);
}

function colon(zone: string): string {
  return `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** RFC 3339 in UTC, always with nine digits of fraction: such texts sort as their times do. */
export function rfc3339(nanos: bigint): string {
  // Rounded down, so that the fraction is never negative.
  const fraction = ((nanos % second) + second) % second;
  const whole = new Date(Number((nanos - fraction) / 1_000_000n)).toISOString();
  return `${whole.slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`;
}

/** The same time some seconds earlier; undefined where it is no time. */
export function secondsBefore(ts: string, seconds: number): string | undefined {
  const nanos = nanosOf(ts);
  return nanos === undefined ? undefined : rfc3339(nanos - BigInt(seconds) * second);
}

export type Zone = "off" | "local" | "utc";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number: number) => String(number).padStart(2, "0");

/** `Apr 17 10:15:01.444`, always as wide; what is no time is shown as it came. */
export function shownTime(ts: string, zone: "local" | "utc"): string {
  const nanos = nanosOf(ts);
  if (nanos === undefined) return ts;
  const at = new Date(Number(nanos / 1_000_000n));
  const [month, day, hours, minutes, seconds] =
    zone === "utc"
      ? [
          at.getUTCMonth(),
          at.getUTCDate(),
          at.getUTCHours(),
          at.getUTCMinutes(),
          at.getUTCSeconds(),
        ]
      : [at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()];
  const fraction = String(at.getUTCMilliseconds()).padStart(3, "0");
  return `${months[month]} ${two(day)} ${two(hours)}:${two(minutes)}:${two(seconds)}.${fraction}`;
}
