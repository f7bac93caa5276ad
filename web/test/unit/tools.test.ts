// What serves, builds and tries the page.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

// Bundled tests run elsewhere: the runner starts in the package's folder.
const tool = (name: string) => import(pathToFileURL(resolve(name)).href);

test("the page's policy here is the one that the server sends", async () => {
  const { policy } = (await tool("served.mjs")) as { policy: string };
  const source = readFileSync("../src/net/routes/dashboard.cpp", "utf8");
  const [, literals] = /content_security_policy =\s*((?:"[^"]*"\s*)+);/.exec(source)!;
  assert.equal([...literals!.matchAll(/"([^"]*)"/g)].map(([, text]) => text).join(""), policy);
});

test("the policy lets no form go out by itself, and no picture come from anywhere else", async () => {
  const { policy } = (await tool("served.mjs")) as { policy: string };
  assert.match(policy, /form-action 'none'/);
  assert.match(policy, /img-src 'self';/);
});

test("a build removes what an earlier one left, and nothing else", async () => {
  const { build } = (await tool("build.mjs")) as { build: (outdir: string) => Promise<void> };
  const folder = mkdtempSync(join(tmpdir(), "spw-build."));
  try {
    const foreign = join(folder, "foreign");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "thesis.txt"), "");
    await assert.rejects(build(foreign), /something else than a built page/);
    writeFileSync(join(foreign, "index.html"), "");
    await assert.rejects(build(foreign), /something else than a built page/);
    assert.ok(existsSync(join(foreign, "thesis.txt")));
    const unnamed = join(folder, "unnamed");
    mkdirSync(join(unnamed, "assets"), { recursive: true });
    await assert.rejects(build(unnamed), /something else than a built page/);

    const page = join(folder, "page");
    await build(page);
    writeFileSync(join(page, "assets", "old.js"), "");
    // As if it had been broken off: the folder is known by its page, empty as it is.
    writeFileSync(join(page, "index.html"), "");
    await build(page);
    assert.ok(!existsSync(join(page, "assets", "old.js")));
    assert.match(readFileSync(join(page, "index.html"), "utf8"), /assets\/app-/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no browser test of the name that was asked for is a failure", () => {
  const options = ["--server", "none", "--sim", "none", "--only", "typo"];
  const { status, stderr } = spawnSync(process.execPath, ["test/browser/run.mjs", ...options], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /no test's name has 'typo' in it/);
});
