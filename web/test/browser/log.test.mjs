// Live logs: following, pausing, searching, long and fast ones, a server that restarts, and output
// that means harm.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { picture, startBrowser, watched } from "./browser.mjs";
import { deploy, enter, makeAdmin } from "./flows.mjs";
import { startStack, until } from "./stack.mjs";

const modelled = (rate) => `services:
  web:
    image: nginx:1.27
    x-sim: {rate: ${rate}}
`;
const script = (lines) => `services:
  web:
    image: busybox:1.36
    command:
      - sh
      - -c
      - |
${lines.map((line) => `        ${line}`).join("\n")}
        exec sleep 100000
`;
const many = 100_000;
const hostile = [
  `printf '%s\\n' '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">'`,
  `printf '%s\\n' '{"level":"error","message":"<svg onload=window.harmed=1>","a":{"b":[1,2]}}'`,
  "printf '\\033]52;c;aGFybWVk\\007after the clipboard\\n'",
  "printf '\\033]0;harmed\\007after the title\\n'",
  "printf '\\033[2J\\033[1;1H\\033[31mafter the screen\\033[0m\\n'",
  "printf 'javascript:window.harmed=1 https://192.0.2.1/harm\\n'",
  "head -c 1048576 /dev/zero | tr '\\0' x",
  "printf '\\nthe last line\\n'",
];

let stack;
let browser;
let cookie;
let page;

before(async () => {
  stack = await startStack({ host: ["--apps", "0", "--line-bytes", "120"] });
  cookie = await makeAdmin(stack);
  browser = await startBrowser();
  page = await watched(browser.context, stack.url);
  await enter(page, stack);
});
after(async () => {
  await browser?.close();
  await stack?.close();
});

const log = () => page.getByRole("log");
const follow = () => page.getByRole("button", { name: "Follow the end" });
const follows = (on) => page.locator(`[aria-label="Follow the end"][aria-pressed="${on}"]`).waitFor();

/** Opens a log, and waits until it is live. */
async function open(app, query = "") {
  await page.goto(`${stack.url}/#/apps/${app}/log?service=web${query}`);
  await page.getByText("Live", { exact: true }).waitFor();
}

/** How many lines the view says it has. */
async function shown() {
  const text = await page.locator(".log-size").innerText();
  return Number(/^([\d,]+) lines?/.exec(text)?.[1].replaceAll(",", "") ?? 0);
}

const shownAtLeast = (lines, within_ms) =>
  until(`${lines} lines`, async () => (await shown()) >= lines, within_ms);

/** All lines of the view, as its download has them. */
async function downloaded() {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download all lines that are shown" }).click();
  return (await readFile(await (await coming).path(), "utf8")).trimEnd().split("\n");
}

/** The numbers that modelled containers give their lines, from what is no notice. */
const numbers = (lines) =>
  lines.map((line) => /#\d+\.(\d+) @/.exec(line)?.[1]).filter(Boolean).map(Number);

function assertContiguous(found) {
  const wrong = found.findIndex((number, index) => index > 0 && number !== found[index - 1] + 1);
  assert.equal(wrong, -1, `after ${found[wrong - 1]} came ${found[wrong]}`);
}

test("a log is live, each line once and in order", async () => {
  await deploy(stack, cookie, "steady", modelled(50));
  await open("steady");
  await shownAtLeast(150);
  assertContiguous(numbers(await downloaded()));
  await picture(page, "log-live-light");
});

test("who stops following keeps their place, and is told how many lines came", async () => {
  await follow().click();
  await follows(false);
  const place = () => log().evaluate((element) => element.scrollTop);
  const before = await place();
  const fresh = page.getByRole("button", { name: /^\d+ new lines/ });
  await until("20 new lines", async () => Number(/^\d+/.exec(await fresh.innerText().catch(() => ""))?.[0] ?? 0) >= 20);
  assert.equal(await place(), before);
  await picture(page, "log-paused-light");
  await fresh.click();
  await fresh.waitFor({ state: "detached" });
  await follows(true);
});

test("a search finds lines, goes from match to match, and keeps up", async () => {
  const field = page.getByLabel("Search in this log");
  await page.locator("body").press("/");
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  await field.fill("#1.");
  await page.locator("#log-found").getByText(/^[\d,]+…? lines$/).waitFor();
  await field.press("Enter");
  await page.locator("#log-found").getByText(/^[\d,]+ of [\d,]+…?$/).waitFor();
  assert.ok((await log().locator("mark").count()) > 0);
  await picture(page, "log-search-light");
  await field.fill("no such text anywhere");
  await page.locator("#log-found").getByText("No match").waitFor();
  await field.press("Escape");
  assert.equal(await field.inputValue(), "");
  page.checkFaults();
});

test("a server that restarts costs no line, and repeats none", async () => {
  page.expectFault(/WebSocket connection|ERR_|status of 502/);
  await open("steady");
  await shownAtLeast(120);
  await stack.stopServer();
  await page.getByText("Not connected").waitFor();
  await picture(page, "log-reconnecting-light");
  await stack.startServer();
  await page.getByText("Live", { exact: true }).waitFor();
  const had = await shown();
  await shownAtLeast(had + 100);
  const found = numbers(await downloaded());
  assertContiguous(found);
  assert.ok(found.length > had);
});

test("a log of 100,000 lines is read from its first to its last", async (t) => {
  await deploy(stack, cookie, "many",
    script([`awk 'BEGIN { for (i = 1; i <= ${many}; i++) print "line " i " of many" }'`]));
  // All of it is history then: of live output a slow viewer may be told that it skipped some.
  const last = `line ${many} of many`;
  await until(`${last} to be printed`, async () => (await stack.newestLines("many")).includes(last));
  const begun = Date.now();
  await open("many", "&tail=all");
  await shownAtLeast(many, 120_000);
  t.diagnostic(`${many} lines in ${Date.now() - begun} ms`);
  assert.equal(await shown(), many);
  await log().getByText(last).waitFor();
  await page.locator("body").press("Home");
  await log().getByText("line 1 of many").waitFor();
  await page.getByLabel("Search in this log").fill("line 54321 ");
  await page.locator("#log-found").getByText("1 line", { exact: true }).waitFor();
  await page.getByLabel("Search in this log").press("Enter");
  await log().getByText("54321").first().waitFor();
  const elements = await log().evaluate((element) => element.querySelectorAll("*").length);
  assert.ok(elements < 3000, `${elements} elements`);
  await picture(page, "log-many-light");
  await page.getByLabel("Search in this log").press("Escape");
  const lines = await downloaded();
  assert.equal(lines.length, many);
  assert.ok(lines.every((line, index) => line.endsWith(`line ${index + 1} of many`)));
});

test("5,000 lines a second are followed while the page stays usable", async (t) => {
  await deploy(stack, cookie, "fast", modelled(5000));
  await open("fast");
  const gaps = page.evaluate(() => new Promise((done) => {
    const begun = performance.now();
    let last = begun;
    let longest = 0;
    let frames = 0;
    const frame = (now) => {
      longest = Math.max(longest, now - last);
      last = now;
      frames++;
      if (now - begun < 5000) requestAnimationFrame(frame);
      else done({ longest, perSecond: (frames * 1000) / (now - begun) });
    };
    requestAnimationFrame(frame);
  }));
  const begun = Date.now();
  const had = await shown();
  const { longest, perSecond } = await gaps;
  const came = ((await shown()) - had) / ((Date.now() - begun) / 1000);
  t.diagnostic(`${Math.round(came)} lines a second, ${perSecond.toFixed(1)} frames a second, ` +
    `the longest frame ${Math.round(longest)} ms`);
  // A busy machine prints fewer, so this is what counts: the page does not fall behind for good.
  const printed = await stack.printed("fast");
  assert.ok(printed > 10_000, `${printed} lines printed`);
  await until(`line ${printed} to be shown`, async () => {
    const rows = await log().innerText();
    return Math.max(...[...rows.matchAll(/#1\.(\d+) @/g)].map(([, number]) => Number(number))) >= printed;
  });
  assert.ok(longest < 2000, `the longest frame took ${longest} ms`);
  await page.getByLabel("Search in this log").fill("#1.");
  await page.locator("#log-found").getByText(/[\d,]+…? lines/).waitFor();
  await follow().click();
  await page.getByRole("button", { name: /new lines/ }).waitFor();
  await picture(page, "log-fast-light");
  page.checkFaults();
});

test("output that means harm is text, and nothing else", async () => {
  await deploy(stack, cookie, "hostile", script(hostile));
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("what was there before"));
  await open("hostile", "&tail=all");
  await log().getByText("the last line").waitFor();
  await page.locator("body").press("Home");
  await log().getByText("<script>window.harmed=1</script>").waitFor();
  await log().getByText("after the clipboard").waitFor();
  await log().getByText("after the screen").waitFor();
  await picture(page, "log-hostile-light");
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await log().locator("script, img, svg, a[href], iframe").count(), 0);
  assert.match(await page.title(), /^hostile · Live log/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "what was there before");
  await browser.context.clearPermissions();
  // And the page is alive.
  await page.getByLabel("Search in this log").fill("the last line");
  await page.locator("#log-found").getByText("1 line", { exact: true }).waitFor();
  await page.getByLabel("Search in this log").press("Escape");
  page.checkFaults();
});

test("a session that ends takes the log with it, and a login brings it back", async () => {
  await open("steady");
  const session = cookieOf(await browser.context.cookies());
  await stack.call("POST", "/api/auth/logout", undefined, session);
  await page.getByText("Your session has ended.").waitFor();
  await page.getByLabel("Password").fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.getByText("Live", { exact: true }).waitFor();
  await shownAtLeast(1);
});

const cookieOf = (cookies) => `session=${cookies.find((one) => one.name === "session").value}`;
