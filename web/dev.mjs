// Serves the built page before a spillway that serves none, or an older one:
//
//   node dev.mjs [--url http://127.0.0.1:8443] [--listen 127.0.0.1:8080] [--dist DIR]
//
// `/api` is handed on, WebSocket upgrades too, with the browser's own Host field: to the server's
// Origin check the page looks as if it were its own. The page comes with the headers that the
// server sends, so that what its policy forbids fails here as well.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import * as http from "node:http";
import * as net from "node:net";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { contentTypes, policy } from "./served.mjs";

async function sendFile(dist, path, answer) {
  const name = path === "/" ? "index.html" : path.slice(1);
  const known = name === "index.html" || /^assets\/[A-Za-z0-9._-]+$/.test(name);
  const found = known && (await stat(join(dist, name)).catch(() => null));
  if (!found) return void answer.writeHead(404).end();
  answer.writeHead(200, {
    "Content-Type": contentTypes[extname(name)] ?? "application/octet-stream",
    "Content-Length": found.size,
    "Content-Security-Policy": policy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": name === "index.html" ? "no-cache" : "public, max-age=31536000, immutable",
  });
  createReadStream(join(dist, name)).pipe(answer);
}

function handOn(target, request, answer) {
  const onward = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    },
    (reply) => {
      answer.writeHead(reply.statusCode, reply.rawHeaders);
      reply.pipe(answer);
    },
  );
  onward.on("error", () => {
    if (!answer.headersSent) answer.writeHead(502);
    answer.end();
  });
  request.pipe(onward);
}

// The upgrade is written on as it came, and from then on bytes are bytes.
function handOnUpgrade(target, request, socket, head) {
  const onward = net.connect(Number(target.port), target.hostname, () => {
    const fields = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      fields.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}\r\n`);
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${fields.join("")}\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  for (const [one, other] of [[socket, onward], [onward, socket]]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

// Returns { url, close() } once it listens. `target` may be a function, for a server that moves.
export async function serve({ target, host = "127.0.0.1", port = 0, dist }) {
  const where = () => new URL(typeof target === "function" ? target() : target);
  const server = http.createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/api/")) handOn(where(), request, answer);
    else void sendFile(dist, pathname, answer);
  });
  const upgraded = new Set();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket.on("close", () => upgraded.delete(socket)));
    handOnUpgrade(where(), request, socket, head);
  });
  await new Promise((done, failed) => server.on("error", failed).listen(port, host, done));
  return {
    url: `http://${host}:${server.address().port}`,
    close: () => {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const option = (name, otherwise) => {
    const at = process.argv.indexOf(name);
    return at > 0 ? process.argv[at + 1] : otherwise;
  };
  const here = dirname(fileURLToPath(import.meta.url));
  const [, host, port] = /^(.*):(\d+)$/.exec(option("--listen", "127.0.0.1:8080")) ?? [];
  const served = await serve({
    target: option("--url", "http://127.0.0.1:8443"),
    host,
    port: Number(port),
    dist: resolve(option("--dist", join(here, "dist"))),
  });
  console.log(`listening on ${served.url}`);
}
