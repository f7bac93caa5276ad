// A browser with an empty profile, and pages that are watched: an error in the console, a breach of
// the page's policy, or a request to anywhere else fails the test that caused it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), "spw-profile."));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SPW_CHROMIUM,
    headless: true,
    args,
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
  });
  return {
    browser: browser.browser(),
    context: browser,
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** What went wrong on a page, gathered until `check()`. `url`: where the page is, and all it asks. */
export async function watched(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults = [];
  // Chromium itself writes each refused request to the console; who is not signed in is told 401.
  const expected = [/status of 401/];
  const { host } = new URL(url);
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.protocol !== "data:" && target.protocol !== "blob:" && target.host !== host)
      faults.push(`request to ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) faults.push(`socket to ${socket.url()}`);
  });
  await page.addInitScript(() => {
    window.addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  /** Says of which faults the test itself is the cause, such as an answer of 401. */
  page.expectFault = (pattern) => expected.push(pattern);
  page.checkFaults = () =>
    assert.deepEqual(faults.filter((fault) => !expected.some((pattern) => pattern.test(fault))), []);
  return page;
}

export async function picture(page, name) {
  const folder = process.env.SPW_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}
