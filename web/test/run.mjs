// Runs the unit tests: bundles every test/**/*.test.ts(x) for Node into a folder that is removed
// afterwards, and hands the files to Node's own test runner. `node test/run.mjs [PART OF A PATH]`
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv[2] ?? "";

async function tests(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await tests(path)));
    else if (/\.test\.tsx?$/.test(entry.name) && path.includes(wanted)) found.push(path);
  }
  return found.sort();
}

const sources = await tests(here);
if (sources.length === 0) throw new Error(`no test's path has '${wanted}' in it`);
// Inside the package, so that what is left unbundled is still found.
const out = await mkdtemp(join(here, "..", "node_modules", ".test-"));
try {
  await esbuild.build({
    entryPoints: sources,
    outbase: here,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    packages: "external",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".css": "empty" },
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = sources.map((path) =>
    join(out, relative(here, path).replace(/\.tsx?$/, ".mjs")),
  );
  const child = spawn(process.execPath, ["--enable-source-maps", "--test", ...files], {
    stdio: "inherit",
  });
  process.exitCode = await new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
} finally {
  await rm(out, { recursive: true, force: true });
}
