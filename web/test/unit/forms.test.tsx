// Forms: how they are sent, and where the focus goes when one is refused.
import { click, field, find, screen, show, submit, type } from "../dom";
import { asked, known } from "../server";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { VNode } from "preact";
import type { Account } from "../../src/api/types";
import { AccountPage } from "../../src/pages/account";
import { DeployForm } from "../../src/pages/deploy_form";
import { Login } from "../../src/pages/login";
import { Setup } from "../../src/pages/setup";
import { NewToken } from "../../src/pages/token_dialogs";
import { UserPage } from "../../src/pages/user";
import { Users } from "../../src/pages/users";
import { signIn } from "../../src/session/session";

const ann: Account = { username: "ann", role: "super_admin" };
known.set("POST /api/auth/login", () => ann);
known.set("GET /api/apikeys", () => []);
known.set("GET /api/apps", () => []);
known.set("GET /api/users", () => [
  { id: 1, username: "ann", role: "super_admin", created_at: "", apps: [] },
  { id: 2, username: "vic", role: "viewer", created_at: "", apps: [] },
]);
before(() => signIn("ann", "a long secret"));

const pages: [string, VNode][] = [
  ["login", <Login />],
  ["setup", <Setup />],
  ["account", <AccountPage account={ann} />],
  ["user", <UserPage id={2} account={ann} />],
];

for (const [name, page] of pages)
  test(`a password does not get into the address: ${name}`, async () => {
    await show(page);
    const forms = screen.body
      .querySelectorAll("form")
      .filter((form) => form.querySelector('input[type="password"]'));
    assert.equal(forms.length, 1);
    assert.equal(forms[0]!.getAttribute("method"), "post");
  });

test("nor does that of a user who is added", async () => {
  await show(<Users account={ann} />);
  await click(find("button", "Add a user"));
  assert.equal(screen.body.querySelector("form")!.getAttribute("method"), "post");
  assert.equal(screen.focused, field("User name"));
});

test("a login without a name or a password leads to what is missing", async () => {
  await show(<Login />);
  await submit();
  assert.equal(screen.focused, field("User name"));
  await type(field("User name"), "ann");
  await submit();
  assert.equal(screen.focused, field("Password"));
});

test("a setup that is refused leads to the first field with a problem, again and again", async () => {
  await show(<Setup />);
  await submit();
  assert.equal(screen.focused, field("User name"));
  await type(field("User name"), "ann");
  await type(field("Password"), "a long secret");
  await submit();
  assert.equal(screen.focused, field("Password again"));
  find("button", "Make this user and sign in").focus();
  await submit();
  assert.equal(screen.focused, field("Password again"));
  assert.match(screen.body.textContent, /The two passwords differ\./);
  assert.equal(asked("/api/setup"), 0);
  await type(field("Password again"), "a long secret");
  await submit();
  assert.equal(asked("/api/setup"), 1);
});

test("so do the forms of the account, a user, a token and a deploy", async () => {
  await show(<AccountPage account={ann} />);
  await submit();
  assert.equal(screen.focused, field("Current password"));

  await show(<Users account={ann} />);
  await click(find("button", "Add a user"));
  await type(field("User name"), "mia");
  await submit();
  assert.equal(screen.focused, field("Password"));

  await show(<NewToken onClose={() => {}} onMade={() => {}} />);
  find("button", "Make it").focus();
  await submit();
  assert.equal(screen.focused, field("What it is for"));

  await show(<DeployForm app="shop" />);
  await submit();
  assert.equal(screen.focused, field("Compose file"));
});
