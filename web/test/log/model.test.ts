// What is shown, marked, searched and linked to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf, noFilter } from "../../src/log/model/filter";
import { Marks } from "../../src/log/model/marks";
import { Selection } from "../../src/log/model/selection";
import { Target, placeOfRow } from "../../src/log/model/target";
import { type Row, notice } from "../../src/log/row";
import { fileName, linkTo, placeIn, placeText } from "../../src/log/source";
import { Store } from "../../src/log/store/store";
import type { Level } from "../../src/log/text/level";
import { commandOf, isFor } from "../../src/log/ui/keys";
import { read } from "../../src/log/ui/prefs";
import { joined, linesOf } from "../../src/log/ui/save";
import { markedWords, outcomeWords, waitWords } from "../../src/log/ui/words";
import { pieces } from "../../src/log/view/text";
import { plain } from "../../src/log/text/sgr";

const row = (
  text: string,
  stream: Row["stream"] = "stdout",
  level: Level | "" = "",
  ts = "",
): Row => ({
  kind: "line",
  text,
  ts,
  stream,
  action: "",
  level,
});
const never = () => false;

test("no filter is none at all", () => {
  assert.equal(filterOf(noFilter, undefined), undefined);
  assert.equal(filterOf({ ...noFilter, onlyMatches: true }, undefined), undefined);
});

test("a level lets itself and worse through, and every notice", () => {
  const passes = filterOf({ ...noFilter, level: "warn" }, undefined)!;
  const rows = [
    row("e", "stdout", "error"),
    row("w", "stdout", "warn"),
    row("i", "stdout", "info"),
    row(""),
  ];
  assert.deepEqual(rows.map(passes), [true, true, false, false]);
  assert.ok(passes(notice("skipped", "3 lines skipped")));
});

test("a filter is shown once it is complete, and goes on with what comes", () => {
  const store = new Store();
  for (let i = 0; i < 10; i++) store.append(row(`${i}`, i % 2 ? "stderr" : "stdout"));
  let changes = 0;
  const selection = new Selection(store, () => changes++);
  selection.setFilter({ ...noFilter, stream: "stderr" });
  assert.ok(selection.filtering);
  assert.equal(selection.filtered, undefined);
  assert.equal(selection.advance(never), false);
  assert.equal(changes, 1);
  assert.equal(selection.filtered, 5);
  store.append(row("more", "stderr"));
  selection.advance(never);
  assert.deepEqual([...selection.numbers()], [1, 3, 5, 7, 9, 10]);
  assert.deepEqual([...selection.numbers(2, 6)], [3, 5]);
  assert.equal(selection.neighbour(3, 1), 5);
  assert.equal(selection.neighbour(10, 1), 10);
  // From rows that are not shown.
  assert.equal(selection.neighbour(4, 1), 5);
  assert.equal(selection.neighbour(4, -1), 3);
  assert.equal(selection.neighbour(4, 0), 5);
  assert.equal(selection.countBetween([2, 6]), 2);
  assert.equal(selection.countBetween([4, 4]), 0);
  selection.setFilter(noFilter);
  assert.equal(selection.filtered, undefined);
});

test("lines that are gone through are those that were shown at first", () => {
  const store = new Store();
  for (let i = 0; i < 4; i++) store.append(row(`${i}`, i % 2 ? "stderr" : "stdout"));
  const selection = new Selection(store, () => {});
  const numbers = selection.numbers();
  assert.equal(numbers.next().value, 0);
  store.append(row("more"));
  selection.setFilter({ ...noFilter, stream: "stderr" });
  selection.advance(never);
  assert.deepEqual([...numbers], [1, 2, 3]);
});

test("a search looks at what the filter shows, and can itself be the filter", () => {
  const store = new Store();
  for (let i = 0; i < 10; i++) store.append(row(`x${i % 3}`, i % 2 ? "stderr" : "stdout"));
  const selection = new Selection(store, () => {});
  selection.setQuery({ text: "x0", regex: false, matchCase: true });
  selection.setFilter({ ...noFilter, stream: "stderr" });
  selection.advance(never);
  assert.deepEqual(selection.searchState(9), {
    turn: 2,
    count: 2,
    position: 2,
    busy: false,
    partial: false,
  });
  selection.setFilter({ ...noFilter, onlyMatches: true });
  selection.advance(never);
  assert.equal(selection.filtered, 4);
  selection.setQuery({ text: "(", regex: true, matchCase: true });
  assert.ok("problem" in selection.searchState(0)!);
  assert.equal(selection.filtered, undefined);
});

test("marks reach from the first to the last, and shrink as rows go", () => {
  const marks = new Marks();
  marks.set(10, false);
  marks.set(5, true);
  assert.deepEqual(marks.chosen, [5, 10]);
  marks.trim(7);
  assert.deepEqual([marks.chosen, marks.current], [[7, 10], 10]);
  marks.trim(11);
  assert.deepEqual([marks.chosen, marks.current], [undefined, undefined]);
});

/** A log whose lines have these nanoseconds, and what a link into it finds. */
function linked(all: string[]) {
  const store = new Store();
  const add = (nanos: string) =>
    store.append(row(nanos, "stdout", "", `2026-04-17T10:15:01.${nanos.padStart(9, "0")}Z`));
  all.forEach(add);
  const find = (nanos: string, nth = 1) => {
    const ts = `2026-04-17T10:15:01.${nanos.padStart(9, "0")}Z`;
    const target = new Target(store, placeText({ ts, nth }));
    target.advance();
    return target;
  };
  return { store, add, find };
}

test("a linked line is found by its time, to the nanosecond", () => {
  const { store, find } = linked(["1", "2", "5"]);
  assert.deepEqual(find("2").state, { kind: "found", number: 1, exact: true });
  assert.deepEqual(find("9").state, { kind: "looking" });
  assert.deepEqual(new Target(store, "yesterday").state, { kind: "absent" });
});

test("of lines with the same time the very one is linked to, and found", () => {
  const { store, find } = linked(["1", "5", "5", "5", "7"]);
  assert.deepEqual(placeOfRow(store, 3), { ts: "2026-04-17T10:15:01.000000005Z", nth: 3 });
  assert.equal(placeOfRow(store, 9), undefined);
  assert.deepEqual(find("5", 3).state, { kind: "found", number: 3, exact: true });
  assert.deepEqual(find("5").state, { kind: "found", number: 1, exact: true });
  const gone = find("5", 4);
  assert.ok(gone.giveUp());
  assert.deepEqual(gone.state, { kind: "found", number: 3, exact: false });
});

test("a place in an address is a time, and a number where it is not the first of that time", () => {
  for (const place of [
    { ts: "2026-04-17T10:15:01Z", nth: 1 },
    { ts: "2026-04-17T10:15:01Z", nth: 12 },
  ])
    assert.deepEqual(placeIn(placeText(place)), place);
  assert.equal(placeText({ ts: "2026-04-17T10:15:01Z", nth: 1 }), "2026-04-17T10:15:01Z");
  assert.deepEqual(placeIn("x~0"), { ts: "x~0", nth: 1 });
});

test("where the linked line is gone the next one is shown, once it cannot come any more", () => {
  const { add, find } = linked(["1", "5"]);
  const target = find("3");
  assert.deepEqual(target.state, { kind: "looking" });
  add("3");
  target.advance();
  assert.deepEqual(target.state, { kind: "found", number: 2, exact: true });
  const other = find("4");
  assert.deepEqual(other.state, { kind: "looking" });
  add("999999999");
  other.advance();
  assert.deepEqual(other.state, { kind: "looking" });
  assert.ok(other.giveUp());
  assert.deepEqual(other.state, { kind: "found", number: 1, exact: false });
  const store = new Store();
  for (const second of [1, 3, 4])
    store.append(row("x", "stdout", "", `2026-04-17T10:15:0${second}Z`));
  const sooner = new Target(store, "2026-04-17T10:15:02Z");
  sooner.advance();
  assert.deepEqual(sooner.state, { kind: "found", number: 1, exact: false });
});

test("links lead back to the same log", () => {
  const at = "2026-04-17T10:15:01.000000002Z";
  assert.equal(
    linkTo({ kind: "container", app: "shop", service: "web", replica: 2, tail: 10 }, at),
    "#/apps/shop/log?service=web&replica=2&at=2026-04-17T10%3A15%3A01.000000002Z",
  );
  assert.match(
    linkTo({ kind: "deploy", app: "shop", deploy: "d7" }, at),
    /^#\/apps\/shop\/deploy\/d7\?at=/,
  );
  assert.match(linkTo({ kind: "process" }, at), /^#\/process-log\?at=/);
  assert.equal(fileName({ kind: "container", app: "../x", service: "a b" }), ".._x-a_b.log");
});

test("copied text has no escape sequences, and times where they are shown", () => {
  const store = new Store();
  store.append(row("\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07", "stdout", "", "2026-04-17T10:15:01Z"));
  store.append(notice("skipped", "3 lines skipped"));
  assert.equal(joined(linesOf(store, [0, 1], "off")), "red\n[3 lines skipped]");
  assert.equal(joined(linesOf(store, [0], "utc")), "2026-04-17T10:15:01Z red");
});

test("keys count while nobody types and no modifier is held", () => {
  const pressed = {
    key: "f",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    defaultPrevented: false,
  };
  assert.equal(commandOf(pressed, false), "follow");
  assert.equal(commandOf(pressed, true), undefined);
  assert.equal(commandOf({ ...pressed, ctrlKey: true }, false), undefined);
  assert.equal(commandOf({ ...pressed, key: "N" }, false), "previous");
});

test("keys are meant for a view that is shown, while nothing else has the focus", () => {
  const body = { tabIndex: -1 };
  const inside = { tabIndex: 0 };
  const view = (shown: boolean) => ({
    getClientRects: () => ({ length: shown ? 1 : 0 }),
    contains: (other: unknown) => other === inside,
  });
  assert.ok(isFor(view(true), body, body));
  assert.ok(isFor(view(true), null, body));
  assert.ok(isFor(view(true), inside, body));
  assert.ok(isFor(view(true), { tabIndex: -1 }, body)); // a heading, after the page has changed
  assert.ok(!isFor(view(true), { tabIndex: 0 }, body)); // a link
  assert.ok(!isFor(view(false), body, body)); // behind a login
});

test("stored preferences that make no sense are the usual ones", () => {
  const usual = { wrap: false, zone: "local", regex: false, matchCase: false } as const;
  for (const stored of [null, "", "{", "7", '{"wrap":"yes","zone":"mars"}'])
    assert.deepEqual(read(stored, usual), usual);
  assert.deepEqual(read('{"wrap":true,"zone":"utc"}', usual), {
    ...usual,
    wrap: true,
    zone: "utc",
  });
});

test("outcomes and waits in words", () => {
  assert.equal(
    outcomeWords({ status: "failed", exitCode: 14, milliseconds: 8000 }).text,
    "The deploy failed with exit code 14 after 8 s.",
  );
  assert.equal(markedWords(1, 1), "1 line marked");
  assert.equal(markedWords(5, 3), "3 lines marked of those that are shown");
  assert.equal(waitWords("Lost.", 5000, 2500), "Lost. Trying again in 3 s.");
  assert.equal(waitWords("Lost.", 5000, 6000), "Lost. Trying again now.");
});

test("a row of very many colours is plain from some point on", () => {
  const bold = { ...plain, bold: true };
  const runs = Array.from({ length: 5000 }, (_, i) => ({ end: i + 1, style: bold }));
  const cut = [...pieces(runs, [], 0, 5000)];
  assert.equal(cut.length, 1001);
  assert.equal(cut[999]!.style, bold);
  assert.deepEqual(cut[1000], { from: 1000, to: 5000, style: plain, marked: false });
});

test("styles and matches are cut where either begins or ends", () => {
  const bold = { ...plain, bold: true };
  const runs = [
    { end: 3, style: plain },
    { end: 6, style: bold },
  ];
  const cut = [
    ...pieces(
      runs,
      [
        [2, 4],
        [5, 9],
      ],
      0,
      8,
    ),
  ].map(({ from, to, style, marked }) => [from, to, style.bold, marked]);
  assert.deepEqual(cut, [
    [0, 2, false, false],
    [2, 3, false, true],
    [3, 4, true, true],
    [4, 5, true, false],
    [5, 6, true, true],
    [6, 8, false, true],
  ]);
});
