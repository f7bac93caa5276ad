// A viewer in a page of Chromium: logs in as a page does, and opens a WebSocket.
//
//   node chromium_viewer.mjs CHROMIUM SERVER TARGET AWAITED
//
// SERVER is http://HOST:PORT; HOME is a folder for this run alone. The user's name and password are
// in SPILLWAY_USER and SPILLWAY_PASSWORD. Chromium is driven over a pipe of its DevTools protocol: JSON
// messages with a zero byte behind each; it ends when the pipe does.
import { spawn } from 'node:child_process';
import { fail, tellEnd, tellReceived } from './report.mjs';

const [program, server, target, awaited] = process.argv.slice(2);

class Browser {
  constructor() {
    this.calls = new Map();
    this.lastId = 0;
    this.listeners = [];
    this.process = spawn(
      program,
      [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--disable-dev-shm-usage', '--remote-debugging-pipe', `--user-data-dir=${process.env.HOME}/profile`,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] },
    );
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.once('error', (error) => fail(`cannot start ${program}: ${error.message}`));
    this.ended.then((code) => this.closing || fail(`${program} ended with ${code}`));
    let rest = '';
    this.process.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      for (const message of messages) this.take(JSON.parse(message));
    });
  }

  take({ id, method, params, result, error }) {
    if (id === undefined) {
      for (const listener of this.listeners) listener(method, params);
      return;
    }
    const { resolve, reject } = this.calls.get(id);
    this.calls.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.lastId;
    const answer = new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  event(wanted) {
    return new Promise((resolve) =>
      this.listeners.push((method, params) => method === wanted && resolve(params)),
    );
  }

  async close() {
    this.closing = true;
    await this.call('Browser.close').catch(() => {});
    await this.ended;
  }
}

/** Runs a function in the page and returns what it comes to. */
async function inPage(browser, session, run, ...values) {
  const expression = `(${run})(${values.map((value) => JSON.stringify(value)).join(', ')})`;
  const { result, exceptionDetails } = await browser.call(
    'Runtime.evaluate',
    { expression, awaitPromise: true, returnByValue: true },
    session,
  );
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
  return result.value;
}

// These two run in the page.
async function watch(target, awaited, username, password) {
  const login = await fetch('/api/auth/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!login.ok) throw new Error(`login: ${login.status}`);
  const socket = new WebSocket(`ws://${location.host}${target}`);
  const viewer = { frames: [] };
  globalThis.viewer = viewer;
  viewer.end = new Promise((resolve) => {
    socket.onclose = ({ code, reason }) => resolve({ code, reason });
  });
  const received = new Promise((resolve) => {
    socket.onmessage = ({ data }) => viewer.frames.push(data) === awaited && resolve();
  });
  await Promise.race([received, viewer.end]);
  viewer.extensions = socket.extensions;
}

async function end() {
  const { frames, extensions, end } = globalThis.viewer;
  return { ...(await end), extensions, frames };
}

async function main() {
  const browser = new Browser();
  const { targetId } = await browser.call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser.call('Target.attachToTarget', { targetId, flatten: true });
  await browser.call('Page.enable', {}, sessionId);
  const loaded = browser.event('Page.loadEventFired');
  // A page of the server's own origin, whatever it shows.
  await browser.call('Page.navigate', { url: `${server}/api/health` }, sessionId);
  await loaded;
  const { SPILLWAY_USER: user, SPILLWAY_PASSWORD: password } = process.env;
  await inPage(browser, sessionId, watch, target, Number(awaited), user, password);
  tellReceived(awaited);
  const report = await inPage(browser, sessionId, end);
  await browser.close();
  tellEnd(report);
}

main().catch((error) => fail(error.stack));
