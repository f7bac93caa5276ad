// The boxes of grants: each on its own way to the server.
import { field, screen, settle, show, tick } from "../dom";
import { asked, known, newest } from "../server";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { User } from "../../src/api/types";
import { Grants } from "../../src/pages/grants";
import { signIn } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "super_admin" }));
known.set("GET /api/apps", () => ["blog", "shop"].map((Slug) => ({ Slug, Name: Slug })));
const vic = (...apps: string[]): User => ({ id: 2, username: "vic", role: "viewer", created_at: "", apps });
let changes = 0;
const page = (user: User) => <Grants user={user} onChange={() => changes++} />;
const blog = () => field("blog");
const shop = () => field("shop");
const access = "/api/users/2/access";
before(async () => {
  await signIn("ann", "a long secret");
  await show(page(vic()));
});

test("a box that was ticked keeps the focus, and takes nothing until it is through", async () => {
  await tick(blog());
  assert.equal(screen.focused, blog());
  assert.equal(blog().getAttribute("disabled"), null);
  assert.equal(blog().getAttribute("aria-busy"), "true");
  await tick(blog());
  assert.equal(asked(access), 1);
  assert.ok(blog().checked);
});

test("two boxes are on their way at once, and each says so", async () => {
  await tick(shop());
  assert.equal(asked(access), 2);
  assert.equal(blog().getAttribute("aria-busy"), "true");
  assert.equal(shop().getAttribute("aria-busy"), "true");
});

test("what is read meanwhile changes no box that is on its way", async () => {
  const [first] = [newest(access)];
  await show(page(vic("old")));
  assert.ok(blog().checked && shop().checked);
  await settle(() => first!.answer(200, { status: "ok" }));
  assert.equal(shop().getAttribute("aria-busy"), null);
  assert.ok(shop().checked);
  assert.equal(changes, 1);
  // The list that this one asked for: what it says of the other one is not yet the end of it.
  await show(page(vic("shop")));
  assert.ok(blog().checked && shop().checked);
});

test("once it is through, the server's list counts", async () => {
  await show(page(vic()));
  assert.ok(blog().checked);
  assert.ok(!shop().checked);
});
