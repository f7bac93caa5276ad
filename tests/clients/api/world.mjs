// What the server under test holds, and who calls.
import { writeFileSync } from 'node:fs';
import { complain } from './findings.mjs';

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const bearer = (token) => ({ Authorization: `Bearer ${token}` });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until `condition` holds; complains where it does not within a minute. */
export async function eventually(condition, what) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) return complain(`${what} did not come to pass`);
    await pause(20);
  }
}

export class World {
  origin = setting('SPILLWAY_URL');
  /** A second server, which has no user yet, and its process. */
  freshOrigin = setting('SPILLWAY_FRESH_URL');
  freshPid = Number(setting('SPILLWAY_FRESH_PID'));
  adminName = setting('SPILLWAY_USER');
  adminPassword = setting('SPILLWAY_PASSWORD');
  adminToken = setting('SPILLWAY_TOKEN');
  admin = bearer(this.adminToken);
  viewer = bearer(setting('SPILLWAY_VIEWER_TOKEN'));
  manager = bearer(setting('SPILLWAY_MANAGER_TOKEN'));
  /** The compose project of an app is this and its slug. */
  projectPrefix = setting('SPILLWAY_PROJECT_PREFIX');
  /** The socket on which the server looks for the Docker Engine. */
  engineSocket = setting('SPILLWAY_ENGINE_SOCKET');
  /** What deploys of `held` wait for. */
  #gate = setting('SPILLWAY_GATE');

  // Apps whose compose commands are scripts: `shop` prints and succeeds, `failing` fails, `held`
  // waits at the gate. `hidden` is granted to nobody; `gone` is removed.
  shop = { slug: 'shop' };
  held = { slug: 'held' };
  failing = { slug: 'failing' };
  hidden = { slug: 'hidden' };
  gone = { slug: 'gone' };
  compose = Buffer.from('services:\n  web:\n    image: busybox\n').toString('base64');
  otherCompose = Buffer.from('services:\n  web:\n    image: busybox:1\n').toString('base64');

  constructor(rest) {
    this.rest = rest;
  }

  bearer(token) {
    return bearer(token);
  }

  openGate() {
    writeFileSync(this.#gate, '\n');
  }

  deployBody({ slug }, { force = true, compose = this.compose } = {}) {
    return { name: slug, compose, force };
  }

  /** Starts a deploy and returns its id. */
  async deploy(app, options = {}) {
    const started = await this.rest.json('POST /api/apps/deploy', {
      body: this.deployBody(app, options),
      as: options.as ?? this.admin,
      expected: 201,
    });
    return started.deploy_id;
  }

  /** Waits until no deploy of an app runs, and returns the newest record. */
  async idle(app) {
    return eventually(async () => {
      const events = await this.rest.json('GET /api/apps/{slug}/events', {
        path: app,
        as: this.admin,
        expected: 200,
      });
      const runs = events.some(({ status }) => status === 'running');
      const { deploying } = await this.rest.json('GET /api/apps/{slug}', {
        path: app,
        as: this.admin,
        expected: 200,
      });
      return !runs && !deploying && events[0];
    }, `the end of a deploy of ${app.slug}`);
  }

  /** The id of the user whose headers these are. */
  async idOf(as) {
    const { username } = await this.rest.json('GET /api/me', { as, expected: 200 });
    const users = await this.rest.json('GET /api/users', { as: this.admin, expected: 200 });
    return users.find((user) => user.username === username).id;
  }

  async grant(as, app) {
    await this.rest.call('POST /api/users/{id}/access', {
      path: { id: await this.idOf(as) },
      body: { app_slug: app.slug },
      as: this.admin,
      expected: 200,
    });
  }

  /** Makes a user with a token, and returns the id, the name, and the headers of the token. */
  async makeUser(username, role) {
    const password = 'a long secret';
    const body = { username, password, role };
    const { id } = await this.rest.json('POST /api/users', { body, as: this.admin, expected: 201 });
    const login = await this.rest.call('POST /api/auth/login', {
      body: { username, password },
      expected: 200,
    });
    const cookie = { Cookie: login.headers['set-cookie'][0].split(';')[0] };
    const key = await this.rest.json('POST /api/apikeys', {
      body: { name: 'check' },
      as: cookie,
      expected: 201,
    });
    return { id, username, password, cookie, keyId: key.id, token: bearer(key.key) };
  }
}
