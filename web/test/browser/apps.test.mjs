// Apps: finding them, deploying a new one and watching it live, doing things with it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { deployEnded, enter, heading, makeAdmin } from "./flows.mjs";
import { startStack } from "./stack.mjs";

const shop = `services:
  web:
    image: nginx:1.27
    x-sim: {rate: 20}
  db:
    image: postgres:16
    x-sim: {rate: 1}
x-sim: {deploy_lines: 60, deploy_seconds: 4}
`;

let stack;
let browser;
let page;
let cookie;

before(async () => {
  stack = await startStack({ host: ["--apps", "9", "--services", "2", "--lines-per-second", "3"] });
  cookie = await makeAdmin(stack);
  browser = await startBrowser();
  page = await watched(browser.context, stack.url);
  await enter(page, stack);
});
after(async () => {
  await browser?.close();
  await stack?.close();
});

test("apps are listed with their state, and can be searched", async () => {
  const row = page.getByRole("row", { name: /app-3/ });
  await row.getByText("running").waitFor();
  const search = page.getByRole("searchbox", { name: "Search apps by name or state" });
  await search.fill("app-3");
  await page.getByText("1 of 9 apps").waitFor();
  assert.equal(await page.getByRole("row").count(), 2);
  await search.fill("nothing like it");
  await page.getByText("No app matches").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await picture(page, "apps-light");
});

test("the list follows what happens elsewhere", async () => {
  await stack.call("POST", "/api/apps/app-9/stop", undefined, cookie);
  await page.getByRole("row", { name: /app-9/ }).getByText("stopped").waitFor();
});

test("a bad name and an empty file are told at their fields", async () => {
  await page.getByRole("link", { name: "Deploy a new app" }).click();
  await heading(page, "Deploy a new app").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("no spaces");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByText("A name has letters, digits").waitFor();
  await page.getByText("Paste a compose file, or drop one here.").waitFor();
  const described = await page.getByLabel("Name", { exact: true }).getAttribute("aria-describedby");
  const texts = await Promise.all(described.split(" ").map((id) => page.locator(`[id="${id}"]`).innerText()));
  assert.match(texts.join(" "), /letters, digits, dots, underscores and hyphens only/);
});

test("what the server refuses is told in its words, and nothing typed is lost", async () => {
  page.expectFault(/status of 409/);
  await page.getByLabel("Name", { exact: true }).fill("app-1");
  await page.getByLabel("Compose file").fill(shop);
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.getByRole("alert").getByText(/This app exists/).waitFor();
  assert.equal(await page.getByLabel("Compose file").inputValue(), shop);
  await picture(page, "deploy-form-light");
});

test("a compose file can be dropped", async () => {
  await page.getByLabel("Compose file").fill("");
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "docker-compose.yml"));
    return data;
  }, shop);
  await page.getByLabel("Compose file").dispatchEvent("drop", { dataTransfer: transfer });
  await page.waitForFunction(() => document.querySelector("textarea").value.includes("nginx"));
  assert.equal(await page.getByLabel("Compose file").inputValue(), shop);
});

test("a new app is deployed and watched live to its end", async () => {
  await page.getByLabel("Name", { exact: true }).fill("shop");
  await page.getByRole("button", { name: "Deploy" }).click();
  await heading(page, "shop").waitFor();
  await page.getByText("under way").waitFor();
  await page.getByRole("button", { name: "Cancel the deploy" }).waitFor();
  await picture(page, "deploy-running-light");
  await page.getByText(/^The deploy succeeded/).waitFor();
  await page.getByText("success").first().waitFor();
  const numbered = page.getByRole("log").getByText(/#\d+\.60 /);
  await numbered.waitFor();
  await page.getByRole("link", { name: "Download as NDJSON" }).waitFor();
  await picture(page, "deploy-ended-light");
});

test("its services are there with their state", async () => {
  const services = page.getByRole("list", { name: "Services" });
  await services.getByRole("listitem").filter({ hasText: "db" }).getByText("running").waitFor();
});

test("scaling opens its live output, and the replicas are counted", async () => {
  await page.getByRole("button", { name: "Scale" }).click();
  const dialog = page.getByRole("dialog", { name: "Scale shop" });
  await dialog.getByLabel("web").fill("many");
  await dialog.getByRole("button", { name: "Scale" }).click();
  await dialog.getByText("A number from 0 to 1000.").waitFor();
  await dialog.getByLabel("web").fill("0");
  await dialog.getByText(/Without a container web can no longer be scaled here/).waitFor();
  await dialog.getByLabel("web").fill("3");
  await picture(page, "scale-light");
  await dialog.getByRole("button", { name: "Scale" }).click();
  await page.getByText("3 replicas").waitFor();
  await page.getByRole("navigation", { name: "App" }).getByRole("link", { name: "Live log" }).click();
  await page.getByLabel("Replica").selectOption("2");
  await page.waitForURL(/service=web&replica=2/);
});

test("a deploy that somebody else starts opens by itself", async () => {
  await page.getByText("3 replicas").waitFor();
  const { value } = await stack.call("POST", "/api/apps/shop/pull", undefined, cookie);
  await page.waitForURL(new RegExp(`#/apps/shop/deploy/${value.deploy_id}`));
  await deployEnded(stack, cookie, "shop", value.deploy_id);
});

test("a deploy can be cancelled, once that is confirmed", async () => {
  const cancel = page.getByRole("button", { name: "Cancel the deploy" });
  await cancel.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Pull and update" }).click();
  await cancel.click();
  const dialog = page.getByRole("dialog", { name: "Cancel the deploy?" });
  await dialog.getByRole("button", { name: "Cancel the deploy" }).click();
  await page.getByText("cancelled").first().waitFor();
});

test("the history has every deploy; one is watched again, one is downloaded", async () => {
  await page.getByRole("navigation", { name: "App" }).getByRole("link", { name: "History" }).click();
  const table = page.getByRole("table");
  await table.getByRole("row", { name: /Scale/ }).getByText("success").waitFor();
  await table.getByRole("row", { name: /Pull and update/ }).first().getByText("cancelled").waitFor();
  await picture(page, "history-light");
  const coming = page.waitForEvent("download");
  await table.getByRole("row", { name: /Scale/ }).getByRole("link", { name: /Download/ }).click();
  const text = await readFile(await (await coming).path(), "utf8");
  assert.match(text.trim().split("\n").at(-1), /"done": true, "status": "success"/);
  await table.getByRole("link", { name: "Scale", exact: true }).click();
  await page.getByRole("link", { name: "Show the newest deploy" }).waitFor();
});

test("a version can be looked at", async () => {
  await page.getByRole("navigation", { name: "App" }).getByRole("link", { name: "Versions" }).click();
  await page.getByText("in use").waitFor();
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("dialog").getByText("image: postgres:16").waitFor();
  await picture(page, "version-light");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.textContent === "Show");
});

test("an app is deleted only by who types its name", async () => {
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete shop?" });
  await dialog.getByRole("button", { name: "Delete it for good" }).click();
  await dialog.getByText("Type shop to go on.").waitFor();
  await picture(page, "delete-light");
  await dialog.getByLabel("Type shop to confirm").fill("shop");
  page.expectFault(/status of 404/);
  await dialog.getByRole("button", { name: "Delete it for good" }).click();
  await page.getByText("This app is gone, or you may not see it any more.").waitFor();
  await page.getByRole("link", { name: "Back to the apps" }).click();
  await page.getByRole("link", { name: "app-1" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "shop" }).count(), 0);
  page.checkFaults();
});
