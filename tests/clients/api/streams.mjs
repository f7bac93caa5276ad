// Streams of the documented channels, opened with Node's ws: each frame, close and refusal is
// checked against the document and noted.
import { checkCommon, checkJson } from './answers.mjs';
import { brief, complain, expect } from './findings.mjs';
import { WebSocket } from './modules.mjs';
import { errorsOf, isValid } from './schemas.mjs';

const patienceMs = 60_000;

function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come`)), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function closeName({ code, reason, 'reason-pattern': pattern }) {
  return `close ${code} ${reason ?? pattern}`;
}

export class Streams {
  constructor({ streams }, ledger, origin) {
    this.channels = streams.channels;
    this.errorSchema = streams.components.schemas.error;
    this.ledger = ledger;
    this.origin = origin;
    for (const [name, channel] of Object.entries(this.channels)) {
      for (const message of Object.keys(channel.messages))
        ledger.announce(name, `message ${message}`);
      for (const one of channel['x-close-codes']) ledger.announce(name, closeName(one));
      for (const status of Object.keys(channel['x-http-answers']))
        ledger.announce(name, `answer ${status}`);
    }
  }

  target(name, { path = {}, query = {} } = {}) {
    const search = new URLSearchParams(query).toString();
    const filled = this.channels[name].address.replace(/\{(\w+)\}/g, (_, key) => path[key]);
    return search ? `${filled}?${search}` : filled;
  }

  /** The documented query parameters that a request breaks; unknown ones count as broken. */
  brokenParameters(name, query = {}) {
    const known = this.channels[name].bindings.ws.query?.properties ?? {};
    return Object.entries(query).filter(
      ([key, value]) => !known[key] || errorsOf(known[key], value).length,
    );
  }

  /** Opens a stream; rejects where it is refused. */
  async open(name, options = {}) {
    const stream = new Stream(this, name, options);
    await inTime(stream.opened, `the upgrade of ${stream.title}`);
    return stream;
  }

  /** An answer in place of an upgrade. */
  noteAnswer(name, answer, expected, title) {
    if (answer.status !== expected) {
      return complain(`${title}: expected ${expected}, got ${answer.status} ${brief(answer.body)}`);
    }
    if (!this.ledger.saw(name, `answer ${expected}`))
      return complain(`${title}: ${expected} is not documented`);
    checkCommon(answer, title);
    checkJson(this.errorSchema, answer.body, title);
    const { headers = {} } = this.channels[name]['x-http-answers'][expected];
    for (const [field, pattern] of Object.entries(headers)) {
      const value = answer.headers[field.toLowerCase()] ?? '';
      expect(new RegExp(pattern).test(value), `${title}: ${field} is "${value}"`);
    }
  }

  /** Asks for a stream that must be refused with this status. */
  async refused(name, options, expected) {
    const stream = new Stream(this, name, options);
    const answer = await inTime(stream.refusal, `the refusal of ${stream.title}`);
    this.noteAnswer(name, answer, expected, stream.title);
  }
}

export class Stream {
  frames = [];
  #wake = () => {};

  /** `as`: headers of who calls; `origin`, `server`, `options`: of the page, the server, of ws. */
  constructor(streams, name, { path, query, as = {}, origin, server, options = {} }) {
    const target = streams.target(name, { path, query });
    this.title = target;
    this.name = name;
    this.streams = streams;
    const url = (server ?? streams.origin).replace('http', 'ws') + target;
    this.socket = new WebSocket(url, { headers: as, origin, ...options });
    this.refusal = new Promise((resolve, reject) => {
      this.socket.once('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body }),
        );
      });
      this.socket.once('open', () => reject(new Error(`${target} was opened`)));
    });
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.on('error', reject);
      this.refusal.then(
        ({ status }) => reject(new Error(`${target} was refused with ${status}`)),
        resolve,
      );
    });
    // Whoever opens a stream waits for one of these; the other one is nobody's.
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.closed.then(() => this.#wake());
    this.socket.on('message', (data, isBinary) => this.#take(data.toString(), isBinary));
  }

  #take(text, isBinary) {
    expect(!isBinary, `${this.title}: a frame that is not text`);
    const frame = this.#read(text);
    this.frames.push(frame);
    this.#wake();
  }

  #read(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return complain(`${this.title}: no JSON: ${brief(text)}`);
    }
    const { messages } = this.streams.channels[this.name];
    const fitting = Object.keys(messages).filter((key) => isValid(messages[key].payload, frame));
    if (fitting.length !== 1) {
      const errors = Object.entries(messages).map(
        ([key, { payload }]) => `${key}: ${errorsOf(payload, frame)}`,
      );
      return complain(
        `${this.title}: ${brief(text)} is ${fitting.length} documented messages: ${brief(errors)}`,
      );
    }
    this.streams.ledger.saw(this.name, `message ${fitting[0]}`);
    return frame;
  }

  /** Waits until `condition` holds of the frames, or the end. */
  async until(condition) {
    const met = async () => {
      let over = false;
      this.closed.then(() => (over = true));
      while (!condition(this.frames) && !over) {
        await new Promise((resolve) => (this.#wake = resolve));
      }
    };
    await inTime(met(), `what was awaited from ${this.title}`);
    return condition(this.frames);
  }

  /** Waits for the end, which must be this one, and documented. */
  async expectEnd(code, reason) {
    const end = await inTime(this.closed, `the end of ${this.title}`);
    const right =
      end.code === code &&
      (reason instanceof RegExp ? reason.test(end.reason) : end.reason === reason);
    expect(right, `${this.title}: expected ${code} ${reason}, got ${end.code} ${end.reason}`);
    const fits = (one) =>
      one.code === end.code &&
      (one.reason ? one.reason === end.reason : new RegExp(one['reason-pattern']).test(end.reason));
    const documented = this.streams.channels[this.name]['x-close-codes'].find(fits);
    if (!documented)
      return complain(`${this.title}: ${end.code} "${end.reason}" is not documented`);
    this.streams.ledger.saw(this.name, closeName(documented));
  }

  /** Leaves, and waits until that is done. */
  async leave() {
    this.socket.close();
    await inTime(this.closed, `the closing of ${this.title}`);
  }
}
