// Apps and their deploys: a script stands for compose, so that a deploy can be held and can fail.
import { expect } from './findings.mjs';

const actions = ['pull', 'restart', 'stop', 'start'];
const scales = { scales: { web: 2 } };

/** The apps that all else needs, and who may see them. */
export async function makeApps(world) {
  for (const app of [world.shop, world.failing, world.hidden, world.gone]) {
    await world.deploy(app, { force: false });
    await world.idle(app);
  }
  await world.grant(world.viewer, world.shop);
  await world.grant(world.manager, world.shop);
}

export async function checkDeploys(world) {
  const { rest, admin, manager, viewer, shop } = world;
  const deploy = (body, as, expected) => rest.call('POST /api/apps/deploy', { body, as, expected });
  const order = world.deployBody(shop);
  await deploy({ ...order, name: '-shop' }, admin, 400);
  await deploy({ ...order, compose: '*' }, admin, 400);
  await deploy({ ...order, compose: Buffer.from('{}').toString('base64') }, admin, 400);
  await deploy(order, viewer, 403);
  await deploy({ ...order, name: 'new' }, manager, 403);
  await deploy({ ...order, force: false }, admin, 409);
  await deploy({ ...order, name: 'SHOP' }, admin, 409);
  await world.deploy(shop, { as: manager });
  expect((await world.idle(shop)).status === 'success', 'the deploy of shop must succeed');
  await world.deploy(world.failing);
  expect((await world.idle(world.failing)).status === 'failed', 'the deploy of failing must fail');
}

export async function checkActions(world) {
  const { rest, manager, shop } = world;
  for (const action of actions) {
    await rest.call(`POST /api/apps/{slug}/${action}`, { path: shop, as: manager, expected: 202 });
    expect((await world.idle(shop)).action === action, `${action} must be recorded`);
  }
  const scale = (body, expected) =>
    rest.call('POST /api/apps/{slug}/scale', { path: shop, as: manager, body, expected });
  await scale({ scales: { web: 1001 } }, 400);
  await scale({ scales: {} }, 400);
  await scale(scales, 202);
  await world.idle(shop);
  await rest.call('POST /api/apps/{slug}/cancel', { path: shop, as: manager, expected: 409 });
  await rest.call('DELETE /api/apps/{slug}', { path: world.gone, as: world.admin, expected: 202 });
}

/** What is refused while a deploy of the app runs, and its cancellation. */
export async function checkHeld(world) {
  const { rest, admin, held } = world;
  await world.deploy(held, { force: false });
  const refused = (name, body) => rest.call(name, { path: held, as: admin, body, expected: 409 });
  for (const action of actions) await refused(`POST /api/apps/{slug}/${action}`);
  await refused('POST /api/apps/{slug}/scale', scales);
  await refused('POST /api/apps/{slug}/rollback', { version_id: await newestVersion(world, held) });
  await refused('DELETE /api/apps/{slug}');
  await rest.call('POST /api/apps/deploy', {
    body: world.deployBody(held),
    as: admin,
    expected: 409,
  });
  const app = await rest.json('GET /api/apps/{slug}', { path: held, as: admin, expected: 200 });
  expect(app.deploying === true, 'an app whose deploy runs must say so');
  const [running] = await rest.json('GET /api/apps/{slug}/events', {
    path: held,
    as: admin,
    expected: 200,
  });
  expect(
    running.status === 'running' && running.exit_code === null,
    'the record of a deploy that runs',
  );
  await rest.call('GET /api/apps/{slug}/deploys/{id}/log', {
    path: { ...held, id: running.id },
    as: admin,
    expected: 200,
  });
  const cancel = (deploy_id, expected) =>
    rest.call('POST /api/apps/{slug}/cancel', {
      path: held,
      as: admin,
      body: { deploy_id },
      expected,
    });
  await cancel('another', 409);
  await cancel(running.id, 202);
  expect((await world.idle(held)).status === 'cancelled', 'a cancelled deploy must be recorded so');
}

async function versionsOf({ rest, admin }, path) {
  return rest.json('GET /api/apps/{slug}/versions', { path, as: admin, expected: 200 });
}

async function newestVersion(world, app) {
  const versions = await versionsOf(world, app);
  return versions[0]?.id ?? 1;
}

export async function checkVersions(world) {
  const { rest, manager, shop } = world;
  await world.deploy(shop, { compose: world.otherCompose });
  await world.idle(shop);
  const versions = await versionsOf(world, shop);
  const ids = [...versions].map(({ id }) => id);
  expect(
    ids.length >= 2 && ids.join() === [...ids].sort((a, b) => b - a).join(),
    'versions must come newest first',
  );
  expect(
    versions.filter(({ current }) => current).length === 1,
    'one version must be the current one',
  );
  const version = (id, expected) =>
    rest.json('GET /api/apps/{slug}/versions/{id}', {
      path: { ...shop, id },
      as: manager,
      expected,
    });
  const oldest = await version(ids.at(-1), 200);
  expect(oldest.compose === world.compose, 'the oldest version must hold the first compose file');
  expect(
    (await version(999_999, 404)).error === 'version not found',
    'the words for no such version',
  );
  const rollBack = (version_id, expected) =>
    rest.call('POST /api/apps/{slug}/rollback', {
      path: shop,
      as: manager,
      body: { version_id },
      expected,
    });
  await rollBack('one', 400);
  await rollBack(999_999, 404);
  await rollBack(ids.at(-1), 202);
  expect((await world.idle(shop)).status === 'success', 'the rollback must succeed');
}

export async function checkRecords(world) {
  const { rest, viewer, shop } = world;
  const [newest] = await rest.json('GET /api/apps/{slug}/events', {
    path: shop,
    as: viewer,
    expected: 200,
  });
  const log = (id, expected) =>
    rest.call('GET /api/apps/{slug}/deploys/{id}/log', {
      path: { ...shop, id },
      as: viewer,
      expected,
    });
  await log(newest.id, 200);
  await log('none', 404);
}
