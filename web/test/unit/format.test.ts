// Numbers, durations, times and base64 as they are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, toBase64 } from "../../src/format/base64";
import { bytes, count, duration, grouped } from "../../src/format/quantities";
import { absolute, parseTime, relative } from "../../src/format/times";

test("counts have their word in the right number", () => {
  assert.equal(count(0, "app"), "0 apps");
  assert.equal(count(1, "app"), "1 app");
  assert.equal(count(2, "entry", "entries"), "2 entries");
  assert.equal(grouped(1234567), "1,234,567");
});

test("bytes have the unit that fits", () => {
  const shown: [number, string][] = [
    [0, "0 B"], [1023, "1023 B"], [1024, "1 KiB"], [1536, "1.5 KiB"], [131072, "128 KiB"],
    [4194304, "4 MiB"], [5 * 2 ** 30, "5 GiB"], [3 * 2 ** 50, "3072 TiB"],
  ];
  for (const [number, text] of shown) assert.equal(bytes(number), text);
});

test("durations have two units at most", () => {
  const shown: [number, string][] = [
    [-5, "0 s"], [0, "0 ms"], [320, "320 ms"], [1000, "1 s"], [4217, "4.2 s"], [59_960, "1 min"],
    [72_400, "1 min 12 s"], [3_600_000, "1 h"], [5_400_000, "1 h 30 min"], [90_000_000, "1 d 1 h"],
  ];
  for (const [milliseconds, text] of shown) assert.equal(duration(milliseconds), text);
});

test("times are told by their distance", () => {
  const now = Date.UTC(2026, 3, 17, 10, 0, 0);
  const ago = (seconds: number) => relative(now - seconds * 1000, now);
  assert.equal(ago(0), "just now");
  assert.equal(ago(-4), "just now");
  assert.equal(ago(5), "5 seconds ago");
  assert.equal(ago(59), "59 seconds ago");
  assert.equal(ago(60), "1 minute ago");
  assert.equal(ago(3599), "59 minutes ago");
  assert.equal(ago(7200), "2 hours ago");
  assert.equal(ago(86_400), "1 day ago");
  assert.equal(ago(40 * 86_400), "1 month ago");
  assert.equal(ago(800 * 86_400), "2 years ago");
  assert.equal(ago(-90 * 86_400), "in 3 months");
});

test("the absolute time names its zone", () => {
  const time = Date.UTC(2026, 3, 17, 10, 14, 32);
  const before = process.env.TZ;
  const zones: [string, string][] = [
    ["UTC", "2026-04-17 10:14:32 UTC"],
    ["Europe/Berlin", "2026-04-17 12:14:32 GMT+2"],
    ["America/New_York", "2026-04-17 06:14:32 GMT-4"],
    ["Asia/Kolkata", "2026-04-17 15:44:32 GMT+5:30"],
  ];
  for (const [zone, text] of zones) {
    process.env.TZ = zone;
    assert.equal(absolute(time), text);
  }
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

test("what is no time is none", () => {
  for (const text of ["", null, undefined, "soon"]) assert.equal(parseTime(text), undefined);
  assert.equal(parseTime("2026-04-17T10:14:32.118Z"), Date.UTC(2026, 3, 17, 10, 14, 32, 118));
});

test("base64 is of the text's UTF-8, however long", () => {
  assert.equal(toBase64("services:\n"), "c2VydmljZXM6Cg==");
  const text = `${"ü€🙂\n".repeat(50_000)}`;
  assert.equal(toBase64(text), Buffer.from(text).toString("base64"));
  assert.equal(fromBase64(toBase64(text)), text);
});
