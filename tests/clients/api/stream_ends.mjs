// Ends that every stream has, and answers in place of an upgrade.
import { randomBytes } from 'node:crypto';
import { expect } from './findings.mjs';
import { send } from './http.mjs';
import { eventually } from './world.mjs';

/** The configuration has this many at most, see tests/system/api_test.cpp. */
const viewersOfAUser = 6;
const viewers = 12;

/** Every channel with what opens a stream that stays open. `held` waits at its gate. */
function lasting(world) {
  return {
    deploy_logs: { path: world.held, as: world.admin },
    container_logs: { path: world.shop, query: { service: 'quiet' }, as: world.admin },
    process_log: { as: world.admin },
  };
}

function masked(first, payload) {
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

// What a client does, the code and the reason.
const rudeness = [
  [(socket) => socket._socket.write(Buffer.from([0x81, 0x01, 0x41])), 1002, 'protocol error'],
  [(socket) => socket.send(Buffer.from([0xff]), { binary: false }), 1007, 'message is not UTF-8'],
  [
    (socket) => socket._socket.write(masked(0xc1, Buffer.alloc(8, 0xff))),
    1007,
    'compressed message is damaged',
  ],
  [(socket) => socket.send('x'.repeat((16 << 10) + 1)), 1009, 'message too big'],
];

export async function checkEnds(world, streams) {
  for (const [name, options] of Object.entries(lasting(world))) {
    for (const [act, code, reason] of rudeness) {
      const stream = await streams.open(name, options);
      act(stream.socket);
      await stream.expectEnd(code, reason);
    }
    await checkOrigin(world, streams, name, options);
    await checkAccessEnds(world, streams, name, options);
  }
  await checkSilence(world, streams);
}

async function checkOrigin(world, streams, name, options) {
  for (const as of [options.as, {}]) {
    const foreign = await streams.open(name, { ...options, as, origin: 'https://evil.example' });
    await foreign.expectEnd(1008, 'origin not allowed');
    expect(foreign.frames.length === 0, `${name}: a foreign page must get no frame`);
  }
  const own = await streams.open(name, { ...options, origin: world.origin });
  own.socket.send('what clients send is ignored');
  await own.leave();
}

/** A key that is revoked. */
async function checkAccessEnds(world, streams, name, options) {
  const body = { name: 'short-lived' };
  const key = await world.rest.json('POST /api/apikeys', { as: world.admin, body, expected: 201 });
  const stream = await streams.open(name, { ...options, as: world.bearer(key.key) });
  await world.rest.call('DELETE /api/apikeys/{id}', {
    path: { id: key.id },
    as: world.admin,
    expected: 200,
  });
  const began = Date.now();
  await stream.expectEnd(1008, 'access ended');
  console.log(`${name}: ended ${Date.now() - began} ms after its key`);
}

/** Clients that answer no ping. They get some, though: silence is what ends them. */
async function checkSilence(world, streams) {
  const silent = [];
  for (const [name, options] of Object.entries(lasting(world))) {
    const stream = await streams.open(name, { ...options, options: { autoPong: false } });
    stream.pings = 0;
    stream.socket.on('ping', () => ++stream.pings);
    silent.push(stream);
  }
  for (const stream of silent) {
    await stream.expectEnd(1001, 'nothing received for too long');
    expect(stream.pings > 0, `${stream.title}: no ping came`);
  }
}

export async function checkUpgradeAnswers(world, streams) {
  for (const [name, options] of Object.entries(lasting(world))) {
    const target = streams.target(name, options);
    const plain = async (expected, method, headers) => {
      const answer = await send(world.origin, {
        method,
        target,
        headers: { ...options.as, ...headers },
      });
      streams.noteAnswer(name, answer, expected, `${method} ${target}`);
    };
    await plain(426, 'GET', {});
    await plain(405, 'POST', {});
    await plain(400, 'GET', { Authorization: ['Bearer sd_one', 'Bearer sd_two'] });
    await plain(400, 'GET', upgradeFields({ 'Sec-WebSocket-Version': '12' }));
    await plain(400, 'GET', upgradeFields({ 'Sec-WebSocket-Key': 'short' }));
    await plain(400, 'GET', upgradeFields({ Connection: 'close' }));
    await streams.refused(name, { ...options, as: {} }, 401);
    await streams.refused(
      name,
      { ...options, as: { Authorization: `Bearer sd_${'A'.repeat(43)}` } },
      401,
    );
  }
  for (const path of [{ slug: 'absent' }, world.hidden]) {
    for (const name of ['deploy_logs', 'container_logs'])
      await streams.refused(name, { path, as: world.viewer }, 404);
  }
  for (const as of [world.viewer, world.manager]) await streams.refused('process_log', { as }, 403);
}

function upgradeFields(other) {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...other,
  };
}

/** One user's streams, then those of all. */
export async function checkStreamLimits(world, streams) {
  const others = await world.makeUser('watcher', 'super_admin');
  const more = await world.makeUser('another-watcher', 'super_admin');
  const open = [];
  const fill = async (as, count) => {
    while (count-- > 0) {
      // A place is free again a moment after its stream was closed.
      const opened = () => streams.open('process_log', { as }).catch(() => undefined);
      open.push(await eventually(opened, 'a stream within the limits'));
    }
  };
  await fill(world.admin, viewersOfAUser);
  for (const [name, options] of Object.entries(lasting(world)))
    await streams.refused(name, options, 429);
  await fill(others.token, viewers - viewersOfAUser);
  for (const [name, options] of Object.entries(lasting(world))) {
    await streams.refused(name, { ...options, as: more.token }, 503);
  }
  for (const stream of open) await stream.leave();
}

/** The second server is ended with SIGTERM; its only app is one without containers or deploys. */
export async function checkShutdown(world, streams, as) {
  const server = world.freshOrigin;
  const options = lasting(world);
  const open = [];
  for (const name of Object.keys(options))
    open.push(await streams.open(name, { ...options[name], as, server }));
  process.kill(world.freshPid, 'SIGTERM');
  for (const stream of open) await stream.expectEnd(1001, 'server is shutting down');
}
