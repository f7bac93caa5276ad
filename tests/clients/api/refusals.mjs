// What every operation refuses in the same way, driven by the document alone.
import { complain, expect } from './findings.mjs';
import { send } from './http.mjs';

const foreignPage = { Origin: 'https://evil.example' };
const badToken = { Authorization: `Bearer sd_${'A'.repeat(43)}` };
const otherScheme = { Authorization: 'Basic YTpi' };
const twoTokens = { Authorization: ['Bearer sd_one', 'Bearer sd_two'] };
const tooLarge = Buffer.alloc((64 << 10) + 1, ' ');

/** What keeps an operation from doing anything where it is not refused. */
function valuesOf(world, { name, parameters }) {
  const id = name.includes('/versions/') ? '1' : name.includes('/deploys/') ? 'none' : '999999';
  const all = { slug: world.shop.slug, id };
  return Object.fromEntries(
    parameters.filter((one) => one.in === 'path').map((one) => [one.name, all[one.name]]),
  );
}

function isOfApp({ parameters, path }) {
  return parameters.some(({ name }) => name === 'slug') && path.startsWith('/api/apps/');
}

export async function checkRefusals(world) {
  for (const operation of world.rest.operations.values()) {
    const origin = operation.path === '/api/setup' ? world.freshOrigin : undefined;
    const path = valuesOf(world, operation);
    const call = (options) => world.rest.call(operation.name, { path, origin, ...options });
    await checkCredentials(operation, call);
    await checkForeignPage(world, operation, call);
    await checkBodies(world, operation, call);
    await checkRoles(world, operation, call);
    await checkIds(world, operation, path, call);
  }
}

async function checkCredentials({ security }, call) {
  await call({ as: twoTokens, expected: 400 });
  const optional = security.length === 0 || security.some((one) => Object.keys(one).length === 0);
  if (optional) return;
  for (const as of [{}, badToken, otherScheme, { Cookie: 'session=nobodys' }]) {
    await call({ as, expected: 401 });
  }
}

async function checkForeignPage(world, { method }, call) {
  if (method !== 'GET') await call({ as: world.admin, headers: foreignPage, expected: 403 });
}

async function checkBodies(world, { requestSchema, requestBody, name }, call) {
  if (!requestSchema) return;
  const as = name.startsWith('POST /api/auth') ? {} : world.admin;
  const malformed = ['{', '[]', '"text"'];
  // Where there may be no body at all, there may be an empty one.
  if (requestBody?.required !== false) malformed.push('{}');
  for (const body of malformed) await call({ as, body, expected: 400 });
  const body = name === 'POST /api/apps/deploy' ? Buffer.alloc((4 << 20) + 1, ' ') : tooLarge;
  await call({ as, body, expected: 413 });
}

async function checkRoles(world, operation, call) {
  const needs = operation['x-needs'];
  const tooLow =
    needs === 'administer'
      ? [world.viewer, world.manager]
      : needs === 'operate'
        ? [world.viewer]
        : [];
  for (const as of tooLow) await call({ as, expected: 403 });
  if (!isOfApp(operation)) return;
  const id = '1';
  const hidden = await call({ path: { ...world.hidden, id }, as: world.viewer, expected: 404 });
  const absent = await call({ path: { slug: 'absent', id }, as: world.viewer, expected: 404 });
  await call({ path: { slug: 'absent', id }, as: world.admin, expected: 404 });
  expect(hidden.body === absent.body, `${operation.name}: 404 tells a hidden app from none`);
}

/** Ids of users and keys are numbers; what is none names nothing. */
async function checkIds(world, { name, path: pattern, requestSchema }, path, call) {
  if (!pattern.includes('{id}') || pattern.startsWith('/api/apps/')) return;
  const body = requestSchema?.examples[0];
  const ids =
    name === 'DELETE /api/users/{id}/access/{slug}' ? ['999999', 'x1'] : ['999999', '0', 'x1'];
  for (const id of ids) await call({ path: { ...path, id }, body, as: world.admin, expected: 404 });
}

/** Every path with every method that it does not know. */
export async function checkOtherMethods(world) {
  const { rest } = world;
  for (const pattern of new Set([...rest.operations.values()].map(({ path }) => path))) {
    const target = pattern.replace('{slug}', 'shop').replace('{id}', '1');
    const known = rest.methodsOf(target);
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      if (known.includes(method)) continue;
      const title = `${method} ${target}`;
      const answer = await send(world.origin, { method, target, headers: world.admin });
      rest.noteAny(answer, 405, title);
      const allowed = (answer.headers.allow ?? '').split(', ').sort().join();
      if (allowed !== [...known].sort().join())
        complain(`${title}: Allow is ${answer.headers.allow}`);
    }
  }
}
