// Set-up, logins, passwords, API keys and users, with every refusal of their own.
import { expect } from './findings.mjs';

const secret = 'a long secret';

export async function setUpFresh({ rest, adminName, adminPassword, freshOrigin }) {
  const origin = freshOrigin;
  const body = { username: adminName, password: adminPassword };
  const status = () => rest.json('GET /api/setup/status', { origin, expected: 200 });
  expect((await status()).needs_setup === true, 'a new server must need its set-up');
  for (const bad of [
    { ...body, password: 'short' },
    { ...body, username: 'a b' },
  ]) {
    await rest.call('POST /api/setup', { origin, body: bad, expected: 400 });
  }
  await rest.call('POST /api/setup', { origin, body, expected: 201 });
  await rest.call('POST /api/setup', { origin, body, expected: 409 });
  expect((await status()).needs_setup === false, 'a server with a user must not need its set-up');
}

export async function checkLogin(world) {
  const { rest } = world;
  const user = await world.makeUser('log-in', 'viewer');
  await rest.call('POST /api/auth/login', {
    body: { username: user.username, password: 'wrong secret' },
    expected: 401,
  });
  await rest.call('GET /api/me', { as: user.cookie, expected: 200 });
  // A token and a cookie of two users contradict each other.
  await rest.call('GET /api/me', { as: { ...world.admin, ...user.cookie }, expected: 400 });
  await rest.call('POST /api/auth/logout', { as: user.cookie, expected: 200 });
  await rest.call('GET /api/me', { as: user.cookie, expected: 401 });
  await rest.call('POST /api/auth/logout', { expected: 200 });
}

export async function checkPassword(world) {
  const { rest } = world;
  const user = await world.makeUser('password', 'viewer');
  const change = (as, current_password, new_password, expected) =>
    rest.call('PUT /api/me/password', { as, body: { current_password, new_password }, expected });
  await change(user.cookie, secret, 'short', 400);
  const changed = await change(user.cookie, secret, 'another long secret', 200);
  expect('set-cookie' in changed.headers, 'a caller with a cookie must get another one');
  await rest.call('GET /api/me', { as: user.cookie, expected: 401 });
  const byToken = await change(user.token, 'another long secret', secret, 200);
  expect(!('set-cookie' in byToken.headers), 'a caller with a token must get no cookie');
  await change(user.token, 'wrong secret', secret, 403);
  await change(user.token, 'wrong secret', secret, 403);
  await change(user.token, 'wrong secret', secret, 403);
  await change(user.token, secret, secret, 429);
}

export async function checkKeys(world) {
  const { rest } = world;
  const user = await world.makeUser('keys', 'manage');
  const as = user.token;
  const made = await rest.json('POST /api/apikeys', {
    as,
    body: { name: 'laptop', expires: '90d' },
    expected: 201,
  });
  await rest.call('POST /api/apikeys', {
    as,
    body: { name: 'laptop', expires: 'soon' },
    expected: 400,
  });
  await rest.call('POST /api/apikeys', { as, body: { name: '' }, expected: 400 });
  const listed = await rest.json('GET /api/apikeys', { as, expected: 200 });
  expect(
    listed.map(({ name }) => name).join() === 'check,laptop',
    'keys must be listed, oldest first',
  );
  await rest.call('DELETE /api/apikeys/{id}', {
    path: { id: made.id },
    as: world.admin,
    expected: 404,
  });
  await rest.call('DELETE /api/apikeys/{id}', { path: { id: made.id }, as, expected: 200 });
  for (let count = 1; count < 100; ++count) {
    await rest.call('POST /api/apikeys', { as, body: { name: `key ${count}` }, expected: 201 });
  }
  await rest.call('POST /api/apikeys', { as, body: { name: 'one too many' }, expected: 409 });
}

export async function checkUsers(world) {
  const { rest, admin } = world;
  const { id, username } = await world.makeUser('user', 'viewer');
  const path = { id };
  const order = { username, password: secret, role: 'viewer' };
  await rest.call('POST /api/users', { as: admin, body: order, expected: 409 });
  await rest.call('POST /api/users', {
    as: admin,
    body: { ...order, role: 'king' },
    expected: 400,
  });
  await rest.call('PUT /api/users/{id}/role', {
    as: admin,
    path,
    body: { role: 'manage' },
    expected: 200,
  });
  await rest.call('PUT /api/users/{id}/password', {
    as: admin,
    path,
    body: { password: 'a new long secret' },
    expected: 200,
  });
  await rest.call('PUT /api/users/{id}/password', {
    as: admin,
    path,
    body: { password: 'short' },
    expected: 400,
  });
  await checkGrants(world, path);
  await checkLastAdmin(world);
  await rest.call('DELETE /api/users/{id}', { as: admin, path, expected: 200 });
  await rest.call('DELETE /api/users/{id}', { as: admin, path, expected: 404 });
}

async function checkGrants({ rest, admin, shop }, path) {
  const access = () => rest.json('GET /api/users/{id}/access', { as: admin, path, expected: 200 });
  const grant = (app_slug, expected) =>
    rest.call('POST /api/users/{id}/access', { as: admin, path, body: { app_slug }, expected });
  await grant(shop.slug, 200);
  await grant('absent', 404);
  await grant('no slug', 400);
  expect((await access()).join() === shop.slug, 'a grant must be listed');
  const revoke = (expected) =>
    rest.call('DELETE /api/users/{id}/access/{slug}', {
      as: admin,
      path: { ...path, ...shop },
      expected,
    });
  await revoke(200);
  await revoke(404);
  expect((await access()).length === 0, 'a grant that was taken back must not be listed');
}

async function checkLastAdmin(world) {
  const path = { id: await world.idOf(world.admin) };
  await world.rest.call('PUT /api/users/{id}/role', {
    as: world.admin,
    path,
    body: { role: 'viewer' },
    expected: 409,
  });
  await world.rest.call('DELETE /api/users/{id}', { as: world.admin, path, expected: 409 });
}
