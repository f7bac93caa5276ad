// Users, grants and tokens; and what a second tenant sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { addUser, admin, enter, heading, makeAdmin } from "./flows.mjs";
import { startStack } from "./stack.mjs";

const viewer = { name: "vic", password: "victors long secret", role: "viewer" };
const manager = { name: "mia", password: "mias long secret", role: "manage", apps: ["app-2"] };

let stack;
let browser;
let page;

before(async () => {
  stack = await startStack({ host: ["--apps", "3"] });
  const cookie = await makeAdmin(stack);
  await addUser(stack, cookie, manager);
  browser = await startBrowser();
  page = await watched(browser.context, stack.url);
  await enter(page, stack);
});
after(async () => {
  await browser?.close();
  await stack?.close();
});

test("a user is added, and granted an app", async () => {
  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("row", { name: /mia/ }).getByText("app-2").waitFor();
  await picture(page, "users-light");
  await page.getByRole("button", { name: "Add a user" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a user" });
  // The form begins at its first field, not at the way out.
  await page.waitForFunction(() => document.activeElement.matches("dialog input"));
  await dialog.getByLabel("User name").fill(viewer.name);
  await dialog.getByLabel("Password").fill(viewer.password);
  await dialog.getByLabel("Role").selectOption("viewer");
  await picture(page, "user-new-light");
  await dialog.getByRole("button", { name: "Add" }).click();
  await heading(page, viewer.name).waitFor();
  const box = page.getByRole("checkbox", { name: "app-1" });
  await box.check();
  await page.waitForFunction(() => document.querySelector("fieldset input:checked:not([aria-busy])"));
  assert.ok(await box.evaluate((element) => element === document.activeElement));
  await picture(page, "user-light");
  await page.getByRole("link", { name: "Users" }).first().click();
  await page.getByRole("row", { name: /vic/ }).getByText("app-1").waitFor();
});

test("a token is shown once, can be copied, and revoked", async () => {
  await page.getByRole("link", { name: /Your account/ }).click();
  await page.getByRole("button", { name: "Make a token" }).click();
  await page.getByLabel("What it is for").fill("laptop");
  await page.getByRole("button", { name: "Make it" }).click();
  const dialog = page.getByRole("dialog", { name: "Token laptop" });
  const key = await dialog.getByLabel("Token").inputValue();
  assert.match(key, /^sd_[A-Za-z0-9_-]{43}$/);
  await picture(page, "token-light");
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy" }).click();
  await dialog.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await browser.context.clearPermissions();
  await dialog.getByRole("button", { name: "I have it" }).click();
  assert.ok(!(await page.content()).includes(key));
  await picture(page, "account-light");
  await page.getByRole("button", { name: "Revoke laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("You have no tokens yet.").waitFor();
});

test("the own password is changed, and one stays signed in", async () => {
  page.expectFault(/status of 403/);
  const change = page.getByRole("button", { name: "Change the password" });
  await page.getByLabel("Current password").fill("wrong password");
  await page.getByLabel("New password", { exact: true }).fill("another long secret");
  await page.getByLabel("New password again").fill("another long secret");
  await change.click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("New password again").inputValue(), "another long secret");
  await page.getByLabel("Current password").fill(admin.password);
  await change.click();
  await page.getByText(/Your password was changed/).waitFor();
  await page.reload();
  await heading(page, "Your account").waitFor();
  page.checkFaults();
});

test("a viewer sees the granted app alone, and nothing to do with it", async () => {
  await browser.context.clearCookies();
  const own = await watched(browser.context, stack.url);
  await enter(own, stack, { who: viewer });
  await own.getByRole("link", { name: "app-1" }).waitFor();
  assert.equal(await own.getByRole("row").count(), 2);
  for (const hidden of ["Users", "Streams", "Process log", "Audit"])
    assert.equal(await own.getByRole("link", { name: hidden }).count(), 0);
  assert.equal(await own.getByRole("link", { name: "Deploy a new app" }).count(), 0);
  await own.getByRole("link", { name: "app-1" }).click();
  await heading(own, "app-1").waitFor();
  await own.getByRole("list", { name: "Services" }).waitFor();
  for (const hidden of ["Restart", "Stop", "Scale", "Delete"])
    assert.equal(await own.getByRole("button", { name: hidden }).count(), 0);
  await picture(own, "viewer-app-light");
  own.checkFaults();

  own.expectFault(/status of 404/);
  await own.goto(`${stack.url}/#/apps/app-2/log`);
  await own.getByText("There is no such app, or it was not granted to you.").waitFor();
  await own.goto(`${stack.url}/#/users`);
  await own.getByText("This page is for administrators.").waitFor();
  own.checkFaults();
  await own.close();
});

test("a manager operates the granted app, and deletes none", async () => {
  await browser.context.clearCookies();
  const own = await watched(browser.context, stack.url);
  await enter(own, stack, { who: manager });
  await own.getByRole("link", { name: "app-2" }).click();
  await own.getByRole("button", { name: "Restart" }).waitFor();
  assert.equal(await own.getByRole("button", { name: "Delete" }).count(), 0);
  await own.getByRole("button", { name: "Restart" }).click();
  await own.waitForURL(/#\/apps\/app-2\/deploy\//);
  own.checkFaults();
  await own.close();
});
