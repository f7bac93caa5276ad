// The small decisions of the pages of apps.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { App, DeployRecord, Service } from "../../src/api/types";
import { nextWait } from "../../src/hooks/poll_wait";
import { changedScales } from "../../src/pages/app/changed_scales";
import { actionText, durationText, exitText } from "../../src/pages/app/deploy_words";
import { beginnings, beginOf, chosenService, offeredServices } from "../../src/pages/app/log_choice";
import { mayTakeOver, shownDeploy } from "../../src/pages/app/watch_deploy";
import { matching } from "../../src/pages/apps_search";
import { grantable } from "../../src/pages/grantable";
import type { AppRoute } from "../../src/router";
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
  const chosen = (names: string[], wanted?: string) =>
    chosenService(names.map((name) => service(name)), wanted, undefined);
  assert.equal(chosen(["db", "web"]), "web");
  assert.equal(chosen(["db", "api"]), "db");
  assert.equal(chosen(["web"], "gone"), "gone");
  assert.equal(chosen([]), undefined);
});

test("a log that is shown stays, whichever services come and go", () => {
  for (const names of [["db", "web"], ["api"], []])
    assert.equal(chosenService(names.map((name) => service(name)), undefined, "db"), "db");
  assert.equal(chosenService([service("db")], "web", "db"), "web");
});

test("the service that is shown is offered, also without containers", () => {
  assert.deepEqual(offeredServices([service("db"), service("web")], "db"), ["db", "web"]);
  assert.deepEqual(offeredServices([service("db")], "web"), ["web", "db"]);
  assert.deepEqual(offeredServices([], "web"), ["web"]);
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

test("a deploy of somebody else takes nobody away from what they read or do", () => {
  const running: DeployRecord = { ...record, status: "running", finished_at: null };
  const at = (route: object) => ({ page: "app", app: "shop", ...route }) as AppRoute;
  const log = at({ tab: "log" });
  assert.ok(mayTakeOver(running, log, false));
  assert.ok(mayTakeOver(running, at({ tab: "deploy", deploy: "7" }), false));
  assert.ok(!mayTakeOver(running, log, true));
  assert.ok(!mayTakeOver(running, at({ tab: "redeploy" }), false));
  assert.ok(!mayTakeOver(running, at({ tab: "deploy", deploy: "1" }), false));
  // It was short, and is over: there is nothing live to see.
  assert.ok(!mayTakeOver(record, log, false));
  assert.ok(!mayTakeOver(undefined, log, false));
});

test("without an id the newest deploy is shown, but not in the place of one that is read", () => {
  const deploys = [{ ...record, id: "2" }, record];
  assert.equal(shownDeploy(deploys, "1", false)!.id, "2");
  assert.equal(shownDeploy(deploys, "1", true)!.id, "1");
  assert.equal(shownDeploy(deploys, "gone", true)!.id, "2");
  assert.equal(shownDeploy([], undefined, false), undefined);
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
