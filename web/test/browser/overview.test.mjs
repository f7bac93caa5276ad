// The pages of the whole server, small screens, colours, and what assistive technology reads.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { addUser, enter, heading, makeAdmin } from "./flows.mjs";
import { startStack } from "./stack.mjs";

let stack;
let browser;
let page;

before(async () => {
  stack = await startStack({ host: ["--apps", "4", "--services", "2", "--lines-per-second", "20"] });
  const cookie = await makeAdmin(stack);
  await addUser(stack, cookie, { name: "vic", password: "victors long secret", role: "viewer", apps: ["app-1"] });
  browser = await startBrowser();
  page = await watched(browser.context, stack.url);
  await enter(page, stack);
});
after(async () => {
  await browser?.close();
  await stack?.close();
});

test("the streams that are open are shown with their viewers", async () => {
  const other = await watched(browser.context, stack.url);
  await other.goto(`${stack.url}/#/apps/app-1/log?service=web`);
  await heading(other, "app-1").waitFor();
  await page.getByRole("link", { name: "Streams" }).click();
  const group = page.getByRole("rowgroup").filter({ hasText: "app-1 / web" });
  await group.getByText("following").waitFor();
  await group.getByRole("table", { name: /Viewers of app-1/ }).getByText("ann").waitFor();
  await picture(page, "streams-light");
  await other.close();
  // Its last viewer is gone: nobody is counted for it any more.
  await page.getByText(/^0 viewers/).waitFor();
});

test("the audit tells who watched what, and can be filtered", async () => {
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("row", { name: /ann.*app-1 \/ web/ }).first().waitFor();
  await picture(page, "audit-light");
  await page.getByLabel("User").fill("nobody");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByText("No stream matches.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("row", { name: /app-1 \/ web/ }).first().waitFor();
});

test("the process log is there", async () => {
  await page.getByRole("link", { name: "Process log" }).click();
  await heading(page, "Process log").waitFor();
  await page.getByText(/\[api\]/).first().waitFor();
  await picture(page, "process-log-light");
  page.checkFaults();
});

test("colours can be chosen, and stay chosen", async () => {
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await background(), light);
  await page.getByRole("button", { name: /^Colours: system/ }).click();
  assert.equal(await background(), light);
  await page.reload();
  await heading(page, "Process log").waitFor();
  assert.equal(await background(), light);
  await page.getByRole("button", { name: /^Colours: light/ }).click();
  assert.notEqual(await background(), light);
  for (const [hash, name] of [["#/apps", "apps"], ["#/users", "users"], ["#/streams", "streams"],
    ["#/apps/app-1/log", "app-log"], ["#/deploy", "deploy-form"], ["#/account", "account"]]) {
    await page.goto(`${stack.url}/${hash}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".loading"));
    await picture(page, `${name}-dark`);
  }
  await page.getByRole("button", { name: /^Colours: dark/ }).click();
  await page.emulateMedia({ colorScheme: "light" });
});

test("on a phone nothing is cut off, and the navigation unfolds", async () => {
  await page.setViewportSize({ width: 375, height: 740 });
  for (const [hash, name] of [["#/apps", "apps"], ["#/apps/app-1/log", "app-log"],
    ["#/apps/app-1/history", "history"], ["#/deploy", "deploy-form"], ["#/streams", "streams"],
    ["#/audit", "audit"], ["#/users", "users"], ["#/users/2", "user"], ["#/account", "account"],
    ["#/process-log", "process-log"]]) {
    await page.goto(`${stack.url}/${hash}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".loading"));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.ok(!wide, `${hash} is wider than the screen`);
    await picture(page, `${name}-phone`);
  }
  const menu = page.getByRole("button", { name: "Menu" });
  assert.equal(await page.getByRole("link", { name: "Users" }).isVisible(), false);
  await menu.click();
  assert.equal(await menu.getAttribute("aria-expanded"), "true");
  await picture(page, "menu-phone");
  await page.getByRole("link", { name: "Users" }).click();
  await heading(page, "Users").waitFor();
  assert.equal(await page.getByRole("link", { name: "Streams" }).isVisible(), false);
  // Lying on its side it has less height than the menu.
  await page.setViewportSize({ width: 740, height: 360 });
  await menu.click();
  const last = page.getByRole("button", { name: "Sign out" });
  await last.scrollIntoViewIfNeeded();
  const { y, height } = await last.boundingBox();
  assert.ok(y >= 0 && y + height <= 360, `the end of the menu is at ${y + height}`);
  await picture(page, "menu-phone-landscape");
  await menu.click();
  await page.setViewportSize({ width: 1280, height: 800 });
  page.checkFaults();
});

test("the keyboard alone gets everywhere", async () => {
  await page.goto(`${stack.url}/#/apps`);
  await page.getByRole("link", { name: "app-1" }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "app-1" }).waitFor();
  await page.keyboard.press("Tab");
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  assert.match(page.url(), /#\/apps$/);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Deploy a new app");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.press("Enter");
  await heading(page, "Deploy a new app").waitFor();
  // The heading has the focus, so that a screen reader reads on from the new page.
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
});

test("every page has its landmarks, one first heading, and names for all that one can use", async () => {
  for (const hash of ["#/apps", "#/apps/app-1/log", "#/apps/app-1/history", "#/apps/app-1/versions",
    "#/deploy", "#/streams", "#/audit", "#/users", "#/users/2", "#/account", "#/process-log"]) {
    await page.goto(`${stack.url}/${hash}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".loading"));
    assert.equal(await page.getByRole("main").count(), 1, hash);
    assert.equal(await page.getByRole("banner").count(), 1, hash);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, hash);
    assert.match(await page.title(), /.+ – Spillway$/, hash);
    assert.deepEqual(await nameless(page), [], hash);
  }
  const nav = page.getByRole("navigation", { name: "Main" });
  assert.equal(await nav.getByRole("link", { name: "Process log" }).getAttribute("aria-current"), "page");
  page.checkFaults();
});

/** Roles of what takes part in the tab order and has no name, from the browser's own tree. */
async function nameless(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const usable = new Set(["button", "link", "textbox", "searchbox", "combobox", "checkbox", "dialog",
    "navigation", "table", "spinbutton", "menuitem", "slider", "radio", "switch"]);
  return nodes
    .filter((node) => !node.ignored && usable.has(node.role?.value) && !node.name?.value?.trim())
    .map((node) => node.role.value)
    .filter((role) => role !== "table"); // named by the heading before it
}
