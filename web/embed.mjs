// Makes C++ of the built page: `node embed.mjs DIR FILE` writes FILE, which defines
// spillway::app::dashboard_files() (src/app/dashboard_files.hpp) with everything in DIR.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { contentTypes } from "./served.mjs";

// Octal escapes have an end of their own, whatever follows. The compiler takes long literals in
// pieces.
function literal(bytes) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    let piece = "";
    for (const byte of bytes.subarray(at, at + 4096)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      piece += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
    }
    pieces.push(`    "${piece}"`);
  }
  return pieces.length === 0 ? '""' : `\n${pieces.join("\n")}`;
}

async function entry(path, file, immutable) {
  const bytes = await readFile(file);
  const type = contentTypes[extname(file)];
  if (!type) throw new Error(`no content type for ${file}`);
  const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const packed = gzipSync(bytes, { level: 9 });
  // The system that packed it is named in one byte: not in ours.
  packed[9] = 255;
  const text = (value) => `std::string_view(${literal(value)}, ${value.length})`;
  return `    {"${path}", "${type}", "\\"${etag}\\"", ${text(bytes)},\n     ${text(packed)}, ${immutable}},`;
}

const [directory, output] = process.argv.slice(2);
const assets = (await readdir(join(directory, "assets"))).sort();
const entries = [await entry("/", join(directory, "index.html"), false)];
for (const name of assets) {
  entries.push(await entry(`/assets/${name}`, join(directory, "assets", name), true));
}
await writeFile(
  output,
  `// The built dashboard.
#include "app/dashboard_files.hpp"

namespace spillway::app {

namespace {

constexpr net::static_file files[] = {
${entries.join("\n")}
};

}  // namespace

std::span<const net::static_file> dashboard_files() {
  return files;
}

}  // namespace spillway::app
`,
);
