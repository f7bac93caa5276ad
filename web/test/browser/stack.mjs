// A simulated host and a server on it, in a folder of their own; both end with the test.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import * as http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../dev.mjs";

const deadline_ms = 30_000;

/** Waits until `holds` returns something; every condition of these tests comes by here or the browser. */
export async function until(what, holds, within_ms = deadline_ms) {
  const end = Date.now() + within_ms;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${within_ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

class Process {
  constructor(program, args, log) {
    this.log = log;
    const out = createWriteStream(log);
    this.child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout.pipe(out, { end: false });
    this.child.stderr.pipe(out, { end: false });
    this.ended = new Promise((done) => this.child.on("close", (code) => out.end(() => done(code))));
  }

  /** What `pattern` matches in what the process said. */
  async said(pattern) {
    return until(`${pattern} in ${this.log}`, async () => {
      const text = await readFile(this.log, "utf8").catch(() => "");
      if (this.child.exitCode !== null) throw new Error(`ended at once:\n${text.slice(-2000)}`);
      return pattern.exec(text);
    });
  }

  async end(signal = "SIGTERM") {
    if (this.child.exitCode === null) this.child.kill(signal);
    const killer = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    const code = await this.ended;
    clearTimeout(killer);
    return code;
  }
}

/**
 * `host`: options of spillway-sim host. The page is at `url` of what is returned.
 */
export async function startStack({ host = [] } = {}) {
  const { SPW_SERVER: server, SPW_SIM: sim, SPW_DIST: dist, SPW_DEV: dev } = process.env;
  const work = await mkdtemp(join(tmpdir(), "spw-browser."));
  const apps = join(work, "apps");
  const socket = join(work, "docker.sock");
  await mkdir(apps);
  await mkdir(join(work, "data"));
  await writeFile(join(work, "spillway.yaml"), configuration({ work, apps, socket, sim }));

  const simulated = new Process(sim, ["host", "--socket", socket, "--directory",
    join(work, "containers"), "--seed", "7", "--apps-dir", apps, ...host], join(work, "host.log"));
  await simulated.said(/^listening on /m);

  let starts = 0;
  let running;
  let port = 0;
  const start = async () => {
    running = new Process(server, ["serve", "--config", join(work, "spillway.yaml"), "--listen",
      `127.0.0.1:${port}`], join(work, `server-${++starts}.log`));
    const [, url] = await running.said(/^listening on (http\S+)/m);
    port = new URL(url).port;
    return url;
  };
  const direct = await start();
  const front = dev || !(await servesPage(direct))
    ? await serve({ target: direct, dist })
    : undefined;

  return {
    url: front?.url ?? direct,
    work,
    /** How many lines the modelled containers of an app have printed so far, by the host's account. */
    printed: async (app) =>
      (await containersOf(socket, app)).reduce((sum, one) => sum + one.printed, 0),
    /** The newest lines of an app's first container, as the host's own log has them. */
    newestLines: async (app) => {
      const [{ id }] = await containersOf(socket, app);
      return hostTells(socket, `/containers/${id}/logs?stdout=1&stderr=1&tail=5`);
    },
    stopServer: () => running.end(),
    startServer: start,
    /** Without the page; `cookie` as `login` below returns it. */
    call: (method, path, body, cookie) => call(direct, method, path, body, cookie),
    close: async () => {
      await front?.close();
      await running.end();
      await simulated.end();
      await rm(work, { recursive: true, force: true });
    },
  };
}

// Generous where the real limits would make the tests wait.
function configuration({ work, apps, socket, sim }) {
  return `data_dir: ${join(work, "data")}
apps_dir: ${apps}
docker:
  host: unix://${socket}
  compose_command: [${sim}, compose, --socket, ${socket}]
logs:
  max_line: 2MiB
auth:
  login_attempts: 1000/1m
shutdown:
  grace: 2s
`;
}

async function containersOf(socket, app) {
  const { containers } = JSON.parse(await hostTells(socket, "/sim/containers"));
  return containers.filter((one) => one.project === `simpledeploy-${app}`);
}

function hostTells(socketPath, path) {
  return new Promise((done, failed) => {
    http
      .get({ socketPath, path }, async (reply) => {
        let text = "";
        for await (const part of reply.setEncoding("utf8")) text += part;
        done(text);
      })
      .on("error", failed);
  });
}

async function servesPage(url) {
  const reply = await fetch(url);
  return reply.ok && (reply.headers.get("Content-Type") ?? "").startsWith("text/html");
}

async function call(url, method, path, body, cookie) {
  const reply = await fetch(url + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      ...(cookie && { Cookie: cookie }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return { value: JSON.parse(text), cookie: reply.headers.get("Set-Cookie") };
}
