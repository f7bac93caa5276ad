// Looks at a server that is there (--url): every page comes up, and nothing is changed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { enter } from "./flows.mjs";

const { SPW_URL: url, SPW_USER: name, SPW_PASSWORD: password } = process.env;
let browser;
let page;

before(async () => {
  browser = await startBrowser();
  page = await watched(browser.context, url);
  await enter(page, { url }, { who: { name, password } });
});
after(async () => {
  await browser?.close();
});

test("every page comes up", async () => {
  const addresses = ["#/apps", "#/deploy", "#/process-log", "#/streams", "#/audit", "#/users", "#/account"];
  await page.goto(`${url}/#/apps`);
  await page.locator(".loading").waitFor({ state: "detached" });
  const first = page.locator("table a").first();
  if (await first.count()) addresses.push(await first.getAttribute("href"));
  for (const hash of addresses) {
    await page.goto(`${url}/${hash}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator(".loading").waitFor({ state: "detached" });
    assert.equal(await page.getByRole("alert").count(), 0, hash);
    await picture(page, `look-${hash.replace(/[^a-z-]+/g, "-")}`);
  }
  page.checkFaults();
});
