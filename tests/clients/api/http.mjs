// HTTP by hand: fields that appear twice, requests that are none, and answers as they came.
import http from 'node:http';
import net from 'node:net';

const patienceMs = 60_000;

/**
 * Sends a request on a connection of its own. A field whose value is a list appears once for each.
 * Resolves to { status, headers, body }.
 */
export function send(origin, { method, target, headers = {}, body }) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      method,
      path: target,
      headers,
      agent: false,
      timeout: patienceMs,
    };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
      response.on('error', reject);
    });
    request.on('error', (error) => reject(new Error(`${method} ${target}: ${error.message}`)));
    request.on('timeout', () => request.destroy(new Error('no answer came')));
    request.end(body);
  });
}

/** Sends bytes as they are, and reads the one answer until the server closes. */
export function sendRaw(origin, bytes) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port });
    let text = '';
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer came')));
    socket.on('error', reject);
    socket.on('data', (chunk) => (text += chunk));
    socket.on('end', () => {
      socket.destroy();
      const [head, body] = text.split('\r\n\r\n');
      const [first, ...fields] = head.split('\r\n');
      const headers = fields
        .map((field) => field.split(': '))
        .map(([k, v]) => [k.toLowerCase(), v]);
      resolve({ status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body });
    });
    socket.write(bytes);
  });
}

/** A connection on which nothing is sent. */
export function idleConnection(origin) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port }, () => resolve(socket));
    socket.on('error', () => {});
  });
}
