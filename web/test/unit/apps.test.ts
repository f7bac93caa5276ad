// The small decisions of the pages of apps.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { App, DeployRecord, Service } from "../../src/api/types";
import { nextWait } from "../../src/hooks/poll_wait";
import { changedScales } from "../../src/pages/app/changed_scales";
import { actionText, durationText, exitText } from "../../src/pages/app/deploy_words";
import { beginnings, beginOf, chosenService } from "../../src/pages/app/log_choice";
import { matching } from "../../src/pages/apps_search";
import { grantable } from "../../src/pages/grantable";
import { badgeOf } from "../../src/parts/badge_of";

const app = (Slug: string, Status: App["Status"] = "running", deploying = false): App => ({
  ID: Slug,
  Name: Slug,
  Slug,
  Status,
  deploying,
});
const service = (name: string, replicas = 1): Service => ({
  service: name,
  state: "running",
  health: "",
  replicas,
});

test("a search wants every word, in the name or the state", () => {
  const apps = [app("shop"), app("blog", "stopped"), app("shop-test", "stopped", true)];
  const names = (wanted: string) => matching(apps, wanted).map((one) => one.Slug);
  assert.deepEqual(names(""), ["shop", "blog", "shop-test"]);
  assert.deepEqual(names("SHOP"), ["shop", "shop-test"]);
  assert.deepEqual(names(" stopped  shop "), ["shop-test"]);
  assert.deepEqual(names("deploying"), ["shop-test"]);
  assert.deepEqual(names("none"), []);
});

test("a poll that fails waits longer each time, up to half a minute", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 99].map((failures) => nextWait(2000, failures)),
    [2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(nextWait(60_000, 3), 60_000);
});

test("only numbers that differ are scaled", () => {
  const services = [service("web", 2), service("db")];
  assert.deepEqual(changedScales(services, { web: "2", db: "1" }), {});
  assert.deepEqual(changedScales(services, { web: "0", db: "3" }), { web: 0, db: 3 });
  assert.deepEqual(changedScales(services, { web: "many", db: "" }), {});
});

test("the log is of the service that was asked for, else web, else the first", () => {
  assert.equal(chosenService([service("db"), service("web")], undefined), "web");
  assert.equal(chosenService([service("db"), service("api")], undefined), "db");
  assert.equal(chosenService([service("web")], "gone"), "gone");
  assert.equal(chosenService([], undefined), undefined);
});

test("where the log begins is among what is offered, also when the address says something else", () => {
  assert.equal(beginOf({}).value, "");
  assert.equal(beginOf({ tail: "all", since: "1h" }).value, "1h");
  const other = beginOf({ tail: 7, since: "2026-04-17T10:00:00Z" });
  assert.equal(other.text, "the last 7 lines, since 2026-04-17T10:00:00Z");
  assert.equal(beginnings(other)[0], other);
  assert.equal(beginnings(beginOf({})).length, beginnings(other).length - 1);
});

const record: DeployRecord = {
  id: "1",
  action: "deploy",
  status: "success",
  exit_code: 0,
  user: "ann",
  started_at: "2026-04-17T10:00:00.000Z",
  finished_at: "2026-04-17T10:00:04.200Z",
};

test("a deploy is told in words", () => {
  assert.equal(actionText("down"), "Delete");
  assert.equal(actionText("something new"), "something new");
  assert.equal(exitText(record), "0");
  assert.equal(exitText({ ...record, exit_code: null }), "–");
  assert.equal(exitText({ ...record, exit_code: -1 }), "server ended");
});

test("a deploy took its time, or has so far", () => {
  const now = Date.parse("2026-04-17T10:00:30.000Z");
  assert.equal(durationText(record, now), "4.2 s");
  assert.equal(durationText({ ...record, status: "running", finished_at: null }, now), "30 s so far");
  assert.equal(durationText({ ...record, status: "failed", finished_at: null }, now), "–");
});

test("grants of apps that are gone can be taken back", () => {
  assert.deepEqual(grantable([app("shop"), app("blog")], ["old", "shop"]), [
    { slug: "blog", exists: true },
    { slug: "old", exists: false },
    { slug: "shop", exists: true },
  ]);
});

test("each kind of state has a sign of its own, and an unknown word has one as well", () => {
  assert.equal(badgeOf("running").kind, "ok");
  assert.notEqual(badgeOf("failed").sign, badgeOf("success").sign);
  assert.deepEqual(badgeOf("a new word"), { kind: "off", sign: "○" });
});
