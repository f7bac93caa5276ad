// What the server answers to requests that are none, and to more than it takes.
import { expect } from './findings.mjs';
import { idleConnection, send, sendRaw } from './http.mjs';

/** The configuration has this few, see tests/system/api_test.cpp. */
const connectionsOfAnAddress = 64;

export async function checkMalformed({ rest, origin, adminToken }) {
  const raw = async (status, bytes) =>
    rest.noteAny(await sendRaw(origin, bytes), status, JSON.stringify(bytes.slice(0, 60)));
  const end = 'Host: x\r\nConnection: close\r\n\r\n';
  await raw(400, 'no request\r\n\r\n');
  await raw(400, `GET http://x/api/health HTTP/1.1\r\n${end}`);
  await raw(400, 'GET /api/health HTTP/1.1\r\nConnection: close\r\n\r\n');
  await raw(408, 'GET /api/health HTTP/1.1\r\n');
  await raw(
    413,
    `GET /api/me HTTP/1.1\r\nContent-Length: 100000\r\nAuthorization: Bearer ${adminToken}\r\n${end}`,
  );
  await raw(417, `PUT /api/me/password HTTP/1.1\r\nExpect: gold\r\nContent-Length: 2\r\n${end}`);
  await raw(431, `GET /api/health HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n${end}`);
  for (const target of [
    '/api',
    '/api/nothing',
    '/api/apps/-no-slug',
    '/api/apps/shop/',
    '//api/me',
  ]) {
    rest.noteAny(await send(origin, { method: 'GET', target }), 404, target);
  }
}

export async function checkTooManyConnections({ rest, origin }) {
  const target = '/api/health';
  const held = [];
  for (let count = 0; count < connectionsOfAnAddress; ++count)
    held.push(await idleConnection(origin));
  // Sent nothing yet: the server answers on its own, and may close before a request would get there.
  rest.noteAny(await sendRaw(origin, ''), 429, 'one connection too many');
  for (const socket of held) socket.destroy();
  for (let tries = 0; tries < 100; ++tries) {
    const { status } = await send(origin, { method: 'GET', target });
    if (status === 200) return;
  }
  expect(false, 'the server must take connections again once others are closed');
}

/** Whatever hashes a password waits in a short line; past it the answer is 503. */
export async function checkPasswordQueue({ rest, admin }) {
  // Without a body that would do anything; what is looked at before the hash comes after the line.
  const waiting = {
    'PUT /api/me/password': {},
    'POST /api/users': {},
    'PUT /api/users/{id}/password': { path: { id: 999_999 } },
  };
  const refused = new Set();
  const call = async (name, options) => {
    const { status } = await rest.call(name, options);
    if (status === 503) refused.add(name);
  };
  const logIn = (username) =>
    call('POST /api/auth/login', { body: { username, password: 'wrong secret' } });
  for (let tries = 0; tries < 20 && refused.size < 4; ++tries) {
    const logins = Array.from({ length: 30 }, (_, i) => logIn(`nobody${tries}-${i}`));
    const others = Object.entries(waiting).map(([name, options]) =>
      call(name, { ...options, body: {}, as: admin }),
    );
    await Promise.all([...logins, ...others]);
  }
}

/** The configuration locks a user out after three failures. */
export async function checkLockout({ rest }) {
  const body = { username: 'locked', password: 'wrong secret' };
  for (let count = 0; count < 3; ++count)
    await rest.call('POST /api/auth/login', { body, expected: 401 });
  await rest.call('POST /api/auth/login', { body, expected: 429 });
}
