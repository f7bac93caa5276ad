// Checks that a running server answers as docs/api says, and that docs/api says all that it answers.
//
//   node api_check.mjs MODULES DOCUMENTS
//
// MODULES is the folder of package.json and node_modules, DOCUMENTS that of openapi.yaml and
// asyncapi.yaml. What else it needs is in the environment, see api/world.mjs; how the servers are
// configured: tests/system/api_test.cpp. Prints one line for each documented answer, message and
// close code, and a line that begins with PROBLEM for what is wrong; then the exit code is 1.
import {
  checkLogin,
  checkKeys,
  checkPassword,
  checkUsers,
  setUpFresh,
} from './api/login_story.mjs';
import {
  checkActions,
  checkDeploys,
  checkHeld,
  checkRecords,
  checkVersions,
  makeApps,
} from './api/deploy_story.mjs';
import { readDocuments } from './api/documents.mjs';
import { Engine } from './api/engine.mjs';
import { checkExamples } from './api/examples.mjs';
import { complain, findings } from './api/findings.mjs';
import { Ledger } from './api/ledger.mjs';
import {
  checkLockout,
  checkMalformed,
  checkPasswordQueue,
  checkTooManyConnections,
} from './api/limits.mjs';
import { checkOtherMethods, checkRefusals } from './api/refusals.mjs';
import { Rest } from './api/rest.mjs';
import {
  checkEnds,
  checkShutdown,
  checkStreamLimits,
  checkUpgradeAnswers,
} from './api/stream_ends.mjs';
import {
  checkContainerLogs,
  checkDeployLogs,
  checkEngineFailures,
  checkProcessLog,
  checkSkips,
} from './api/stream_story.mjs';
import { Streams } from './api/streams.mjs';
import { World } from './api/world.mjs';

/** One after the other; what one of them throws does not keep the others from running. */
async function inTurn(steps) {
  for (const [name, step] of Object.entries(steps)) {
    const began = Date.now();
    try {
      await step();
    } catch (error) {
      complain(`${name}: ${error.stack}`);
    }
    console.log(`${name}: ${Date.now() - began} ms`);
  }
}

async function checkRest(world, engine) {
  await engine.start();
  await inTurn({
    apps: () => makeApps(world),
    refusals: () => checkRefusals(world),
    'other methods': () => checkOtherMethods(world),
    'set-up': () => setUpFresh(world),
    'set-up twice': () =>
      world.rest.call('POST /api/setup', {
        body: { username: world.adminName, password: world.adminPassword },
        expected: 409,
      }),
    login: () => checkLogin(world),
    password: () => checkPassword(world),
    keys: () => checkKeys(world),
    users: () => checkUsers(world),
    deploys: () => checkDeploys(world),
    actions: () => checkActions(world),
    held: () => checkHeld(world),
    records: () => checkRecords(world),
    versions: () => checkVersions(world),
    overview: () => checkOverview(world),
    malformed: () => checkMalformed(world),
    connections: () => checkTooManyConnections(world),
    'many passwords': () => checkPasswordQueue(world),
    lockout: () => checkLockout(world),
  });
}

async function checkOverview({ rest, admin, viewer }) {
  await rest.call('GET /api/health', { expected: 200 });
  const seen = await rest.json('GET /api/apps', { as: viewer, expected: 200 });
  if (seen.map(({ Slug }) => Slug).join() !== 'shop')
    complain(`a viewer sees ${JSON.stringify(seen)}`);
  await rest.call('GET /api/apps', { as: admin, expected: 200 });
}

async function checkStreams(world, streams, engine) {
  await inTurn({
    'deploy logs': () => checkDeployLogs(world, streams),
    'container logs': () => checkContainerLogs(world, streams, engine),
    'engine failures': () => checkEngineFailures(world, streams, engine),
    skips: () => checkSkips(world, streams, engine),
    'process log': () => checkProcessLog(world, streams),
    'live tree': () => checkLiveTree(world),
    lasting: async () => {
      engine.add(world.projectPrefix + world.shop.slug, 'quiet');
      await world.deploy(world.held);
    },
    ends: () => checkEnds(world, streams),
    'upgrade answers': () => checkUpgradeAnswers(world, streams),
    limits: () => checkStreamLimits(world, streams),
    'held no more': async () => {
      world.openGate();
      await world.idle(world.held);
    },
    audit: () => checkAudit(world),
    shutdown: async () => checkShutdown(world, streams, await freshCookie(world)),
  });
}

async function checkLiveTree({ rest, admin }) {
  const tree = (query, expected) =>
    rest.json('GET /api/system/streams', { query, as: admin, expected });
  const { publishers } = await tree({ viewers: 2 }, 200);
  if (!publishers.some(({ kind }) => kind === 'process')) complain('the tree has no process log');
  await tree({ viewers: '0' }, 400);
  await rest.call('GET /metrics', { as: admin, expected: 200 });
}

async function checkAudit({ rest, admin }) {
  const audit = (query, expected) =>
    rest.json('GET /api/system/audit', { query, as: admin, expected });
  await audit({}, 200);
  const newest = await audit({ limit: 3 }, 200);
  if (newest.length !== 3)
    complain(`the audit has ${newest.length} entries where 3 were asked for`);
  const before = newest.at(-1).id;
  const older = await audit({ before, limit: 5, user: 'admin', app: 'shop' }, 200);
  if (older.some(({ id, app }) => id >= before || app !== 'shop'))
    complain('the audit does not filter');
  for (const query of [{ limit: '0' }, { before: 'x' }]) await audit(query, 400);
}

async function freshCookie({ rest, adminName, adminPassword, freshOrigin }) {
  const body = { username: adminName, password: adminPassword };
  const login = await rest.call('POST /api/auth/login', {
    body,
    origin: freshOrigin,
    expected: 200,
  });
  return { Cookie: login.headers['set-cookie'][0].split(';')[0] };
}

async function main() {
  const documents = await readDocuments(process.argv[3]);
  checkExamples(documents);
  const ledger = new Ledger();
  const rest = new Rest(documents, ledger, process.env.SPILLWAY_URL);
  const world = new World(rest);
  const engine = new Engine(world.engineSocket);
  await checkRest(world, engine);
  await checkStreams(world, new Streams(documents, ledger, world.origin), engine);
  ledger.report();
  console.log(`${findings.length} problems`);
  process.exit(findings.length ? 1 : 0);
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
