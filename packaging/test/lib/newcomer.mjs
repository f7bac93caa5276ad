// What the README tells a newcomer to do in the browser, word for word:
//
//   node newcomer.mjs URL README.md FOLDER
//
// Setup, the first deploy with the README's own compose file, its live log, and a tenant who sees
// that app alone. Prints how long each step took; pictures go to FOLDER, and a token of
// the administrator's to FOLDER/token. Each step is `ok NAME` or `not ok NAME: WHY`.
import { readFile, writeFile } from "node:fs/promises";
import { picture, startBrowser, watched } from "../../../web/test/browser/browser.mjs";

const [url, readme, folder] = process.argv.slice(2);
process.env.SPW_SCREENSHOTS = folder;
process.env.SPW_CHROMIUM ??= "/usr/bin/chromium";

const admin = { name: "ann", password: "correct horse battery" };
const tenant = { name: "ada", password: "staple of a tenant" };

/** The indented block after `paste`, as somebody would copy it. */
function composeFile(text) {
  const block = /and paste\n\n((?: {7}.*\n)+)/.exec(text);
  if (!block) throw new Error("the README has no compose file to paste");
  return block[1].replace(/^ {7}/gm, "");
}

let begun = performance.now();
async function step(name, act) {
  try {
    await act();
    const now = performance.now();
    console.log(`ok ${name} (${((now - begun) / 1000).toFixed(1)} s)`);
    begun = now;
  } catch (error) {
    console.log(`not ok ${name}: ${String(error.message).split("\n")[0]}`);
    process.exitCode = 1;
    throw error;
  }
}

const compose = composeFile(await readFile(readme, "utf8"));
const browser = await startBrowser();
// Another person, with cookies of her own.
const other = await startBrowser();
try {
  const page = await watched(browser.context, url);
  await step("2. the page asks for the administrator", async () => {
    await page.goto(url);
    await page.getByLabel("User name").fill(admin.name);
    await page.getByLabel("Password", { exact: true }).fill(admin.password);
    await page.getByLabel("Password again").fill(admin.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Apps" }).waitFor();
    await picture(page, "1-apps");
  });
  await step("3. the app is deployed, and its output shown", async () => {
    await page.getByRole("link", { name: "Deploy a new app" }).click();
    await page.getByLabel("Name", { exact: true }).fill("hello");
    await page.getByLabel("Compose file").fill(compose);
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByText(/^The deploy succeeded/).waitFor({ timeout: 120_000 });
    await picture(page, "2-deploy");
  });
  await step("3. the live log is its container", async () => {
    await page.getByRole("navigation", { name: "App" }).getByRole("link", { name: "Live log" }).click();
    const log = page.getByRole("log");
    await log.getByText("request 3", { exact: true }).waitFor({ timeout: 30_000 });
    await picture(page, "3-log");
  });
  await step("4. a tenant is added and granted the app", async () => {
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByRole("button", { name: "Add a user" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a user" });
    await dialog.getByLabel("User name").fill(tenant.name);
    await dialog.getByLabel("Password").fill(tenant.password);
    await dialog.getByLabel("Role").selectOption("viewer");
    await dialog.getByRole("button", { name: "Add" }).click();
    const box = page.getByRole("checkbox", { name: "hello" });
    await box.check();
    await picture(page, "4-grant");
  });
  await step("another app, which she is not granted", async () => {
    await page.getByRole("link", { name: "Apps" }).first().click();
    await page.getByRole("link", { name: "Deploy a new app" }).click();
    await page.getByLabel("Name", { exact: true }).fill("secret");
    await page.getByLabel("Compose file").fill(compose);
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByText(/^The deploy succeeded/).waitFor({ timeout: 120_000 });
  });
  await step("5. a token from the account", async () => {
    await page.getByRole("link", { name: /Your account/ }).click();
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByLabel("What it is for").fill("laptop");
    await page.getByRole("button", { name: "Make it" }).click();
    const key = await page.getByRole("dialog").getByLabel("Token").inputValue();
    await writeFile(`${folder}/token`, key, { mode: 0o600 });
    await page.getByRole("button", { name: "I have it" }).click();
    page.checkFaults();
  });
  await step("4. she signs in and sees that app alone", async () => {
    const own = await watched(other.context, url);
    await own.goto(url);
    await own.getByLabel("User name").fill(tenant.name);
    await own.getByLabel("Password").fill(tenant.password);
    await own.getByRole("button", { name: "Sign in" }).click();
    await own.getByRole("link", { name: "hello" }).waitFor();
    if ((await own.getByText("secret").count()) > 0) throw new Error("she sees the other app");
    await own.getByRole("link", { name: "hello" }).click();
    await own.getByRole("navigation", { name: "App" }).getByRole("link", { name: "Live log" }).click();
    await own.getByRole("log").getByText(/^request \d+$/).first().waitFor();
    await picture(own, "5-tenant");
    // What she asks for is told as not there.
    own.expectFault(/status of 404/);
    await own.goto(`${url}/#/apps/secret/log`);
    await own.getByText("There is no such app, or it was not granted to you.").waitFor();
    own.checkFaults();
  });
} catch (error) {
  console.error(error.message);
} finally {
  await other.close();
  await browser.close();
}
