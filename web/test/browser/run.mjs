// Runs the browser tests, one file after the other:
//
//   node test/browser/run.mjs --server SPILLWAY --sim SPILLWAY_SIM [--screenshots DIR] [--dev]
//                             [--only PART] [--chromium PROGRAM]
//   node test/browser/run.mjs --url URL --user NAME --password PASSWORD [--screenshots DIR]
//
// The first form starts, for each file, a simulated host and a server of its own in a folder in
// /tmp, and takes them down. The page is the server's own; where it serves none, or with --dev, it
// is built from here and served by dev.mjs. The second form looks at a server that is there, and
// changes nothing.
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "../../build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    server: { type: "string" },
    sim: { type: "string" },
    url: { type: "string" },
    user: { type: "string" },
    password: { type: "string" },
    screenshots: { type: "string" },
    only: { type: "string", default: "" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    dev: { type: "boolean", default: false },
  },
});
if (!(values.server && values.sim) && !(values.url && values.user && values.password)) {
  console.error("give --server and --sim, or --url, --user and --password");
  process.exit(2);
}

const looksOnly = (name) => name === "look.test.mjs";
const files = (await readdir(here))
  .filter((name) => name.endsWith(".test.mjs") && name.includes(values.only))
  .filter((name) => looksOnly(name) === Boolean(values.url))
  .sort()
  .map((name) => join(here, name));
// Nothing would be tried, and nothing would fail.
if (files.length === 0) {
  console.error(`no test's name has '${values.only}' in it`);
  process.exit(2);
}

const dist = await mkdtemp(join(tmpdir(), "spw-page."));
await build(dist);
if (values.screenshots) await mkdir(values.screenshots, { recursive: true });
Object.assign(process.env, {
  SPW_SERVER: values.server ? resolve(values.server) : "",
  SPW_SIM: values.sim ? resolve(values.sim) : "",
  SPW_URL: values.url ?? "",
  SPW_USER: values.user ?? "",
  SPW_PASSWORD: values.password ?? "",
  SPW_SCREENSHOTS: values.screenshots ? resolve(values.screenshots) : "",
  SPW_DIST: dist,
  SPW_DEV: values.dev ? "1" : "",
  SPW_CHROMIUM: values.chromium,
});

const stream = run({ files, concurrency: 1, timeout: 300_000 });
stream.on("test:fail", () => (process.exitCode = 1));
const report = stream.compose(new spec());
report.pipe(process.stdout);
report.on("end", () => void rm(dist, { recursive: true, force: true }));
