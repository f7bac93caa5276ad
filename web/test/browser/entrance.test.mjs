// Setup, login, logout, and a session that ends by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { admin, enter, heading, signIn } from "./flows.mjs";
import { startStack } from "./stack.mjs";

let stack;
let browser;
let page;

before(async () => {
  stack = await startStack({ host: ["--apps", "1"] });
  browser = await startBrowser();
  page = await watched(browser.context, stack.url);
});
after(async () => {
  await browser?.close();
  await stack?.close();
});

test("a new server asks for its first user, says what is wrong with one, and lets them in", async () => {
  await page.goto(stack.url);
  await heading(page, "Set up").waitFor();
  assert.equal(await page.title(), "Set up – Spillway");
  await picture(page, "setup-light");
  await page.getByLabel("User name").fill(admin.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Password again").fill("other");
  await page.getByRole("button", { name: "Make this user" }).click();
  const password = page.getByLabel("Password", { exact: true });
  assert.equal(await password.getAttribute("aria-invalid"), "true");
  await page.getByText("A password has at least 8 characters.").waitFor();
  await page.getByText("The two passwords differ.").waitFor();
  assert.ok(await password.evaluate((element) => element === document.activeElement));

  await password.fill(admin.password);
  await page.getByLabel("Password again").fill(admin.password);
  await page.keyboard.press("Enter");
  await heading(page, "Apps").waitFor();
  page.checkFaults();
});

test("who signs out is out", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page, "Sign in").waitFor();
  await page.getByText("You are signed out.").waitFor();
  await picture(page, "login-light");
  await page.reload();
  await heading(page, "Sign in").waitFor();
});

test("a wrong password is told, and what was typed as a name stays", async () => {
  await signIn(page, { name: admin.name, password: "wrong password" });
  await page.getByRole("alert").getByText("This user name and password do not match.").waitFor();
  assert.equal(await page.getByLabel("User name").inputValue(), admin.name);
  await picture(page, "login-failed-light");
});

test("nothing typed is told at the fields, without asking the server", async () => {
  await page.reload();
  let asked = 0;
  page.on("request", (request) => (asked += request.url().includes("/api/auth/login") ? 1 : 0));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Give your user name.").waitFor();
  await page.getByText("Give your password.").waitFor();
  assert.equal(asked, 0);
});

test("after five failures the user is locked out, and told for how long", async () => {
  page.expectFault(/status of 429/);
  for (let attempt = 0; attempt < 6; attempt++) {
    const answered = page.waitForResponse("**/api/auth/login");
    await signIn(page, { name: "mallory", password: "wrong password" });
    if ((await answered).status() === 429) break;
  }
  await page.getByRole("alert").getByText(/\d+ (second|minute)/).waitFor();
});

test("an address that was asked for is there after the login", async () => {
  await enter(page, stack, { hash: "#/account" });
  await heading(page, "Your account").waitFor();
});

test("a session that ends leaves what was typed, and one is back where one was", async () => {
  await page.goto(`${stack.url}/#/deploy`);
  await page.getByLabel("Name", { exact: true }).fill("half-typed");
  await page.getByLabel("Compose file").fill("services: {}");
  await browser.context.clearCookies();
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText("Your session has ended. Sign in to go on where you were.").waitFor();
  await picture(page, "login-ended-light");
  assert.equal(await page.getByLabel("User name").inputValue(), admin.name);
  await page.getByLabel("Password").fill(admin.password);
  await page.keyboard.press("Enter");
  await heading(page, "Deploy a new app").waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "half-typed");
  assert.equal(await page.getByLabel("Compose file").inputValue(), "services: {}");
  page.checkFaults();
});

test("a list of keys that is open stands in the way of no login", async () => {
  await page.goto(`${stack.url}/#/apps/app-1/log`);
  await page.getByRole("list", { name: "Services" }).waitFor();
  await page.locator(".log-view").waitFor();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.waitFor();
  await browser.context.clearCookies();
  await page.getByText("Your session has ended. Sign in to go on where you were.").waitFor();
  await page.waitForFunction(() => document.activeElement.matches("[type=password]"));
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  // The log is opened anew, with the new login.
  await page.locator(".log-view").waitFor();
  await dialog.waitFor({ state: "detached" });
  page.checkFaults();
});

test("who signs in or out in one tab does so in the others", async () => {
  // The stream of the log is refused as well.
  page.expectFault(/response code: 401/);
  const other = await watched(browser.context, stack.url);
  await other.goto(`${stack.url}/#/account`);
  await other.getByRole("button", { name: "Sign out" }).click();
  await heading(other, "Sign in").waitFor();
  const look = () => page.evaluate(() => void window.dispatchEvent(new Event("focus")));
  await look();
  await heading(page, "Sign in").waitFor();
  await signIn(other, admin);
  await heading(other, "Your account").waitFor();
  await look();
  await heading(page, "app-1").waitFor();
  other.checkFaults();
  await other.close();
});

test("a server that is away is told, with a way to try again", async () => {
  page.expectFault(/ERR_|status of 502/);
  await page.goto(`${stack.url}/#/apps`);
  await page.getByRole("link", { name: "app-1" }).waitFor();
  await stack.stopServer();
  await page.getByText(/What you see may be out of date/).waitFor();
  await picture(page, "server-away-light");
  await stack.startServer();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText(/What you see may be out of date/).waitFor({ state: "detached" });
  page.checkFaults();
});
