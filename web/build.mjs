// Builds the page: `node build.mjs [--outdir DIR]` (default: dist beside this file).
//
//   DIR/index.html            names the files below; served without caching
//   DIR/assets/NAME-HASH.EXT  script, styles and icon; the name changes with the content, so that
//                             they may be cached for good
//
// The output depends on the sources alone: no time, no path, no source map goes into it. What an
// earlier build left in DIR is removed; a folder of something else is refused.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

export async function build(outdir) {
  await empty(outdir);
  // Also where this build is broken off the folder is known as one of these.
  await writeFile(join(outdir, "index.html"), "");
  await mkdir(join(outdir, "assets"));
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx" },
    outdir: join(outdir, "assets"),
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    sourcemap: false,
    legalComments: "none",
    format: "esm",
    target: ["es2021", "chrome100", "firefox100", "safari15"],
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
    metafile: true,
    logLevel: "warning",
  });
  const outputs = Object.keys(result.metafile.outputs).map((path) => basename(path));
  const named = (extension) => {
    const found = outputs.filter((name) => name.endsWith(extension));
    if (found.length !== 1) throw new Error(`expected one ${extension} file, got ${found}`);
    return found[0];
  };
  const page = (await readFile(join(here, "src/index.html"), "utf8"))
    .replace("%SCRIPT%", `assets/${named(".js")}`)
    .replace("%STYLE%", `assets/${named(".css")}`)
    .replace("%ICON%", `assets/${await hashed(outdir, "icon.svg")}`);
  await writeFile(join(outdir, "index.html"), page);
}

async function empty(outdir) {
  await mkdir(outdir, { recursive: true });
  const there = await readdir(outdir);
  const foreign = there.filter((name) => name !== "index.html" && name !== "assets");
  if (foreign.length > 0 || (there.length > 0 && !there.includes("index.html")))
    throw new Error(`${outdir} holds something else than a built page: empty it, or name another folder`);
  // The page goes last: a removal that is broken off can be taken up again.
  await rm(join(outdir, "assets"), { recursive: true, force: true });
  await rm(join(outdir, "index.html"), { force: true });
}

// Copies src/NAME to DIR/assets under a name that carries the hash of its content.
async function hashed(outdir, name) {
  const bytes = await readFile(join(here, "src", name));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const target = name.replace(/(\.[a-z]+)$/, `-${hash}$1`);
  await writeFile(join(outdir, "assets", target), bytes);
  return target;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const at = process.argv.indexOf("--outdir");
  await build(resolve(at > 0 ? process.argv[at + 1] : join(here, "dist")));
}
