// Times to the nanosecond.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nanosOf, rfc3339, secondsBefore, shownTime } from "../../src/log/text/time";

test("every digit of the fraction counts", () => {
  const one = nanosOf("2026-04-17T10:15:01.444000001Z")!;
  assert.equal(one - nanosOf("2026-04-17T10:15:01.444Z")!, 1n);
  assert.equal(rfc3339(one), "2026-04-17T10:15:01.444000001Z");
});

test("zones, missing fractions, and times before 1970", () => {
  assert.equal(rfc3339(nanosOf("2026-04-17T12:15:01+02:00")!), "2026-04-17T10:15:01.000000000Z");
  assert.equal(rfc3339(nanosOf("1969-12-31T23:59:59.5Z")!), "1969-12-31T23:59:59.500000000Z");
});

test("what is no time is none", () => {
  for (const text of ["", "10m", "2026-04-17", "2026-13-45T99:99:99Z"])
    assert.equal(nanosOf(text), undefined, text);
});

test("some seconds before a time", () => {
  assert.equal(
    secondsBefore("2026-04-17T10:15:01.444000001Z", 2),
    "2026-04-17T10:14:59.444000001Z",
  );
});

test("shown in UTC to the millisecond, always as wide", () => {
  assert.equal(shownTime("2026-04-07T10:15:01.444999999Z", "utc"), "Apr 07 10:15:01.444");
  assert.equal(shownTime("2026-04-07T10:15:01Z", "utc"), "Apr 07 10:15:01.000");
  assert.equal(shownTime("whenever", "utc"), "whenever");
});
