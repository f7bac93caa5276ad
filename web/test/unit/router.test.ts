// Addresses of the page: read, written, and read back the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hrefOf, parseRoute, type Route } from "../../src/router";

const addresses: [string, Route][] = [
  ["#/apps", { page: "apps" }],
  ["#/deploy", { page: "deploy" }],
  ["#/streams", { page: "streams" }],
  ["#/users", { page: "users" }],
  ["#/users/2", { page: "user", id: 2 }],
  ["#/account", { page: "account" }],
  ["#/process-log", { page: "process-log" }],
  ["#/process-log?at=12", { page: "process-log", at: "12" }],
  ["#/audit?user=ann&app=shop", { page: "audit", user: "ann", app: "shop" }],
  ["#/apps/shop/log", { page: "app", app: "shop", tab: "log" }],
  [
    "#/apps/shop/log?service=web&replica=2&tail=all&since=10m",
    { page: "app", app: "shop", tab: "log", service: "web", replica: 2, tail: "all", since: "10m" },
  ],
  ["#/apps/a.b-c_d/log?tail=1000", { page: "app", app: "a.b-c_d", tab: "log", tail: 1000 }],
  ["#/apps/shop/deploy", { page: "app", app: "shop", tab: "deploy" }],
  ["#/apps/shop/deploy/0198-f", { page: "app", app: "shop", tab: "deploy", deploy: "0198-f" }],
  ["#/apps/shop/history", { page: "app", app: "shop", tab: "history" }],
  ["#/apps/shop/versions", { page: "app", app: "shop", tab: "versions" }],
  ["#/apps/shop/redeploy?version=7", { page: "app", app: "shop", tab: "redeploy", version: 7 }],
];

test("an address is read as what it means, and written the same", () => {
  for (const [address, route] of addresses) {
    assert.deepEqual(parseRoute(address), route);
    assert.equal(hrefOf(route), address);
  }
});

test("no address is the list of apps", () => {
  for (const hash of ["", "#", "#/"]) assert.deepEqual(parseRoute(hash), { page: "apps" });
});

test("an app without a tab shows its log", () => {
  assert.deepEqual(parseRoute("#/apps/shop"), { page: "app", app: "shop", tab: "log" });
});

test("an app may be called like a page", () => {
  assert.deepEqual(parseRoute("#/apps/deploy/deploy"), { page: "app", app: "deploy", tab: "deploy" });
});

test("a number that is none is left out", () => {
  for (const number of ["0", "-1", "two", "1e3", "99999999999999999999"])
    assert.deepEqual(parseRoute(`#/apps/shop/log?replica=${number}`), {
      page: "app",
      app: "shop",
      tab: "log",
    });
});

test("what leads nowhere is said to, whatever was typed", () => {
  const nowhere = ["#/nothing", "#/apps/shop/nothing", "#/apps/shop/history/3", "#/users/ann",
    "#/users/2/more", "#/streams/more", "#/apps/shop/deploy/id/more"];
  for (const hash of nowhere) assert.deepEqual(parseRoute(hash), { page: "unknown", hash });
});

test("broken escapes are taken as they stand", () => {
  assert.deepEqual(parseRoute("#/apps/%E0%A4%A"), { page: "app", app: "%E0%A4%A", tab: "log" });
});

test("what is in a name does not get out of its place", () => {
  const route: Route = { page: "app", app: "a/b?c#d", tab: "deploy", deploy: "x/y" };
  assert.deepEqual(parseRoute(hrefOf(route)), route);
});
