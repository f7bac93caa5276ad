// A Docker Engine on a socket, as far as Spillway asks it, with one container a service.
import { once } from 'node:events';
import http from 'node:http';

const startedAt = '2026-04-17T10:00:00.000000000Z';
const firstLineMs = Date.parse('2026-04-17T10:00:01Z');

/** A line as it is in a log without a TTY, a timestamp in front: a header of eight bytes, the text. */
function framed(stream, at, text) {
  const body = Buffer.from(`${at} ${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = stream === 'stderr' ? 2 : 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

export class Container {
  running = true;
  #lines = [];
  #followers = new Set();

  constructor(number, project, service) {
    this.id = number.toString(16).padStart(64, '0');
    this.labels = {
      'com.docker.compose.project': project,
      'com.docker.compose.service': service,
      'com.docker.compose.container-number': '1',
    };
  }

  /** Prints a line; resolves once those who follow have taken it. */
  async print(text, stream = 'stdout') {
    const at = new Date(firstLineMs + this.#lines.length).toISOString().replace('Z', '000000Z');
    const line = framed(stream, at, text);
    this.#lines.push(line);
    for (const follower of this.#followers) {
      if (!follower.write(line) && !follower.destroyed) {
        await Promise.race([once(follower, 'drain'), once(follower, 'close')]);
      }
    }
  }

  exit() {
    this.running = false;
    for (const follower of this.#followers) follower.end();
  }

  /** The engine drops its streams, and the container runs on. */
  cut() {
    for (const follower of this.#followers) follower.end();
  }

  sendLog(query, response) {
    const tail = query.get('tail');
    const from = tail === 'all' ? 0 : Math.max(0, this.#lines.length - Number(tail));
    response.writeHead(200, { 'Content-Type': 'application/vnd.docker.raw-stream' });
    response.flushHeaders();
    for (const line of this.#lines.slice(from)) response.write(line);
    if (query.get('follow') !== '1' || !this.running) return response.end();
    this.#followers.add(response);
    response.on('close', () => this.#followers.delete(response));
  }
}

export class Engine {
  containers = [];
  /** Answers that stand for the usual ones: { list, logs }, each a function of the response. */
  faults = {};
  #server;

  constructor(socketPath) {
    this.socketPath = socketPath;
  }

  add(project, service) {
    const container = new Container(this.containers.length + 1, project, service);
    this.containers.push(container);
    return container;
  }

  async start() {
    this.#server = http.createServer((request, response) => this.#answer(request, response));
    this.#server.listen(this.socketPath);
    await once(this.#server, 'listening');
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(request, response) {
    const url = new URL(request.url, 'http://engine');
    const path = url.pathname.replace(/^\/v[0-9.]+/, '');
    const json = (value) => response.end(JSON.stringify(value));
    if (path === '/version') return json({ ApiVersion: '1.43', MinAPIVersion: '1.24' });
    if (path === '/containers/json') {
      if (this.faults.list) return this.faults.list(response);
      return json(this.#list(JSON.parse(url.searchParams.get('filters')).label[0]));
    }
    const [, , id, what] = path.split('/');
    const container = this.containers.find((one) => one.id === id);
    if (!container) return response.writeHead(404).end('{"message": "No such container"}');
    if (what === 'json') {
      return json({
        Config: { Tty: false },
        State: { Running: container.running, StartedAt: startedAt },
      });
    }
    if (this.faults.logs) return this.faults.logs(response);
    return container.sendLog(url.searchParams, response);
  }

  #list(label) {
    const [name, project] = label.split('=');
    const wanted = ({ labels }) => project === undefined || labels[name] === project;
    return this.containers.filter(wanted).map(({ id, labels, running }) => ({
      Id: id,
      State: running ? 'running' : 'exited',
      Status: running ? 'Up 5 minutes (healthy)' : 'Exited (0) 1 second ago',
      Labels: labels,
    }));
  }
}
