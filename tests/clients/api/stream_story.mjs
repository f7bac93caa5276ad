// The three streams from their first frame to each of their ends.
import { expect } from './findings.mjs';
import { eventually } from './world.mjs';

const isDone = (frames) => frames.at(-1)?.done === true;

/** Frames of a stream up to its end. */
async function whole(streams, name, options, code, reason) {
  const stream = await streams.open(name, options);
  await stream.expectEnd(code, reason);
  return stream.frames;
}

export async function checkDeployLogs(world, streams) {
  const { viewer, shop, admin, held } = world;
  const deployLogs = (app, query, code, reason) =>
    whole(streams, 'deploy_logs', { path: app, query, as: admin }, code, reason);
  const id = await world.deploy(shop);
  await world.idle(shop);
  const recent = await deployLogs(shop, {}, 1000, 'deploy finished');
  expect(isDone(recent) && recent.length > 1, 'a deploy must be replayed with its lines');
  const replayed = await deployLogs(shop, { deploy: id }, 1000, 'deploy finished');
  expect(
    JSON.stringify(replayed) === JSON.stringify(recent),
    'a recorded deploy must be replayed as it was',
  );
  await deployLogs(shop, { deploy: 'nosuch' }, 1000, 'deploy not found');
  const [bad] = await deployLogs(shop, { deploy: 'no id!' }, 1000, 'invalid parameter');
  expect(bad.error.startsWith('invalid deploy: '), 'an error must name the parameter');
  await eventually(async () => {
    const frames = await deployLogsOfIdle(world, streams);
    return frames.length === 1 && frames[0].action === 'none';
  }, 'a stream of an app that was not deployed just now');
  await followHeld(world, streams, { viewer: admin, held });
  await streams.refused('deploy_logs', { path: world.hidden, as: viewer }, 404);
}

/** Of an app whose deploy is longer ago than `deploy.recent_window`, one second in this test. */
async function deployLogsOfIdle(world, streams) {
  const stream = await streams.open('deploy_logs', { path: world.hidden, as: world.admin });
  await stream.until(isDone);
  await stream.expectEnd(
    1000,
    stream.frames[0].action === 'none' ? 'nothing to stream' : 'deploy finished',
  );
  return stream.frames;
}

async function followHeld(world, streams, { held }) {
  await world.deploy(held);
  const stream = await streams.open('deploy_logs', { path: held, as: world.admin });
  await stream.until((frames) => frames.length > 0);
  world.openGate();
  await stream.expectEnd(1000, 'deploy finished');
  expect(
    stream.frames.at(-1).status === 'success',
    'a deploy that was followed must end with its status',
  );
  await world.idle(held);
}

export async function checkContainerLogs(world, streams, engine) {
  const { shop, admin, viewer } = world;
  const web = engine.add(world.projectPrefix + shop.slug, 'web');
  for (let i = 1; i <= 150; ++i) await web.print(`line ${i}`, i % 2 ? 'stdout' : 'stderr');
  const logs = (query, code, reason) =>
    whole(streams, 'container_logs', { path: shop, query, as: viewer }, code, reason);
  const history = await logs({ follow: 'false' }, 1000, 'end of history');
  expect(
    history.length === 100 && history[0].line === 'line 51',
    'the defaults are 100 lines of web',
  );
  const all = await logs(
    { service: 'web', tail: 'all', follow: '0', replica: '1' },
    1000,
    'end of history',
  );
  expect(all.length === 150, 'tail=all must be all of it');
  await logs({ tail: '2', since: '10m', until: '2h', follow: 'false' }, 1000, 'invalid parameter');
  await checkBadParameters(world, streams);
  const [missing] = await logs({ service: 'db' }, 1000, 'container not found');
  expect(missing.error === 'container not found', 'the words for no container');
  const live = await streams.open('container_logs', {
    path: shop,
    query: { tail: '1' },
    as: admin,
  });
  await live.until((frames) => frames.length === 1);
  await web.print('line 151');
  await live.until((frames) => frames.length === 2);
  web.exit();
  await live.expectEnd(1000, 'container exited');
}

/** Each is refused by the document and by the server. */
async function checkBadParameters(world, streams) {
  const bad = {
    service: ['-web', 'a b'],
    tail: ['x', '-1', '1.5'],
    follow: ['yes', 'TRUE'],
    replica: ['0', 'one', '-1'],
  };
  for (const [parameter, values] of Object.entries(bad)) {
    for (const value of values) {
      const query = { [parameter]: value };
      expect(
        streams.brokenParameters('container_logs', query).length === 1,
        `the document allows ${parameter}=${value}`,
      );
      const options = { path: world.shop, query, as: world.viewer };
      const [frame] = await whole(streams, 'container_logs', options, 1000, 'invalid parameter');
      expect(
        frame?.error.startsWith(`invalid ${parameter}: `),
        `${parameter}=${value} must be named in the error`,
      );
    }
  }
  for (const [parameter, value] of [
    ['tail', '1000000001'],
    ['since', 'yesterday'],
    ['until', '25:00'],
  ]) {
    const options = { path: world.shop, query: { [parameter]: value }, as: world.viewer };
    await whole(streams, 'container_logs', options, 1000, 'invalid parameter');
  }
}

export async function checkEngineFailures(world, streams, engine) {
  const { rest, shop, viewer } = world;
  const services = (expected) =>
    rest.json('GET /api/apps/{slug}/services', { path: shop, as: viewer, expected });
  const logs = (reason) =>
    whole(streams, 'container_logs', { path: shop, as: viewer }, 1011, reason);
  const api = engine.add(world.projectPrefix + shop.slug, 'api');
  const listed = await services(200);
  expect(
    listed.map(({ service }) => service).join() === 'api,web',
    'services must be listed by name',
  );
  engine.faults.list = (response) => response.end('{}');
  await services(502);
  await logs("the docker engine's answer could not be understood");
  engine.faults = {
    logs: (response) => response.writeHead(500).end('{"message": "no such driver"}'),
  };
  await logs(/^docker refused/);
  engine.faults = {};
  const live = await streams.open('container_logs', {
    path: shop,
    query: { service: 'api' },
    as: viewer,
  });
  await api.print('hello');
  await live.until((frames) => frames.length === 1);
  api.cut();
  await live.expectEnd(1011, 'the log stream ended while the container runs on');
  await engine.stop();
  await services(503);
  await logs('docker engine unavailable');
  const { Status } = await rest.json('GET /api/apps/{slug}', {
    path: shop,
    as: viewer,
    expected: 200,
  });
  expect(Status === 'unknown', 'the status of an app whose engine does not answer');
  await engine.start();
}

/** One viewer reads, another does not: that one is told how much it missed. */
export async function checkSkips(world, streams, engine) {
  const { shop, admin } = world;
  const flood = engine.add(world.projectPrefix + shop.slug, 'flood');
  await flood.print('first');
  const options = {
    path: shop,
    query: { service: 'flood' },
    as: admin,
    options: { perMessageDeflate: false },
  };
  const [reader, sleeper] = [
    await streams.open('container_logs', options),
    await streams.open('container_logs', options),
  ];
  await sleeper.until((frames) => frames.length === 1);
  sleeper.socket.pause();
  const text = 'x'.repeat(1000);
  const last = (frames) => frames.at(-1)?.line === 'last';
  for (let i = 0; i < 20_000; ++i) {
    await flood.print(text);
    // It answers no pings either: this is what keeps it from being closed as silent.
    if (i % 1000 === 0) sleeper.socket.send('asleep');
  }
  await flood.print('last');
  await reader.until(last);
  sleeper.socket.resume();
  await sleeper.until(last);
  expect(
    sleeper.frames.some((frame) => frame.skipped > 0),
    'a viewer that slept must be told what it missed',
  );
  await reader.leave();
  await sleeper.leave();
}

export async function checkProcessLog(world, streams) {
  const stream = await streams.open('process_log', { as: world.admin });
  await stream.until((frames) => frames.length > 0);
  const before = stream.frames.length;
  await world.rest.call('GET /api/me', { as: world.viewer, expected: 200 });
  await stream.until((frames) =>
    frames.slice(before).some((line) => line.includes('handled GET /api/me')),
  );
  await stream.leave();
  const entries = await world.rest.json('GET /api/system/process-logs', {
    query: { limit: 2 },
    as: world.admin,
    expected: 200,
  });
  expect(entries.length === 2, 'so many lines of the process log as were asked for');
  for (const limit of ['0', 'x']) {
    await world.rest.call('GET /api/system/process-logs', {
      query: { limit },
      as: world.admin,
      expected: 400,
    });
  }
}
