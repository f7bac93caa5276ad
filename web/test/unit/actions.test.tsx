// What may be done with an app: which deploy is cancelled, and what a second click does.
import { click, find, screen, settle, show, submit } from "../dom";
import { asked, known, newest } from "../server";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Account, App } from "../../src/api/types";
import { Actions } from "../../src/pages/app/actions";
import { signIn } from "../../src/session/session";

const mia: Account = { username: "mia", role: "manage" };
known.set("POST /api/auth/login", () => mia);
const app = (deploying: boolean): App => ({ ID: "shop", Name: "shop", Slug: "shop", Status: "running", deploying });
let started = 0;
const page = (one: App) => <Actions app={one} services={[]} account={mia} onStarted={() => started++} />;
const events = "/api/apps/shop/events";
const cancel = "/api/apps/shop/cancel";
const dialog = () => screen.body.querySelector("dialog");
before(() => signIn("mia", "a long secret"));

test("the deploy that is cancelled is the one that ran when the dialog opened", async () => {
  await show(page(app(true)));
  await click(find("button", "Cancel the deploy"));
  await settle(() => newest(events).answer(200, [{ id: "second", status: "running" }, { id: "first", status: "success" }]));
  assert.ok(dialog()!.open);
  // By the time it is confirmed it has ended, and a third one runs.
  known.set(`GET ${events}`, () => [{ id: "third", status: "running" }]);
  await submit();
  assert.deepEqual(newest(cancel).body, { deploy_id: "second" });
  await settle(() => newest(cancel).answer(409, { error: "this deploy has ended" }));
  assert.match(dialog()!.textContent, /This deploy has ended\./);
  await click(find("button", "Keep as it is"));
});

test("where none runs that is said, and nothing is asked for", async () => {
  known.set(`GET ${events}`, () => [{ id: "third", status: "success" }]);
  await click(find("button", "Cancel the deploy"));
  assert.equal(dialog(), null);
  assert.match(screen.body.textContent, /No deploy of this app is under way\./);
  assert.equal(asked(cancel), 1);
});

test("a second click on what has just succeeded is none; what is known is read anew", async () => {
  const pull = "/api/apps/shop/pull";
  known.set(`POST ${pull}`, () => ({ status: "accepted", deploy_id: "fourth" }));
  await show(page(app(false)));
  await click(find("button", "Pull and update"));
  assert.equal(started, 1);
  assert.equal(location.hash, "#/apps/shop/deploy/fourth");
  await click(find("button", "Pull and update"));
  assert.equal(asked(pull), 1);
  await show(page(app(false)));
  await click(find("button", "Pull and update"));
  assert.equal(asked(pull), 2);
});
