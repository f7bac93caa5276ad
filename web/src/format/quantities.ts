// Numbers as people read them: counts, bytes, durations.

export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

export function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

export function bytes(number: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = number;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 0) return "0 s";
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return two(whole, 60, "min", "s");
  if (whole < 86_400) return two(Math.round(whole / 60), 60, "h", "min");
  return two(Math.round(whole / 3600), 24, "d", "h");
}

function two(number: number, each: number, large: string, small: string): string {
  const rest = number % each;
  const whole = `${Math.floor(number / each)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
