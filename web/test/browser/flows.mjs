// What people do on the page, by the names that they see; and the same without the page.
import { until } from "./stack.mjs";

export const admin = { name: "ann", password: "correct horse battery" };

/** The first user, without the page; returns the cookie of a login. */
export async function makeAdmin(stack) {
  await stack.call("POST", "/api/setup", { username: admin.name, password: admin.password });
  return login(stack, admin);
}

export async function login(stack, { name, password }) {
  const { cookie } = await stack.call("POST", "/api/auth/login", { username: name, password });
  return cookie.split(";")[0];
}

export async function addUser(stack, cookie, { name, password, role, apps = [] }) {
  const { value } = await stack.call("POST", "/api/users", { username: name, password, role }, cookie);
  for (const app_slug of apps)
    await stack.call("POST", `/api/users/${value.id}/access`, { app_slug }, cookie);
  return value.id;
}

/** Deploys and waits for the end. */
export async function deploy(stack, cookie, name, compose) {
  const { value } = await stack.call(
    "POST",
    "/api/apps/deploy",
    { name, compose: Buffer.from(compose).toString("base64"), force: true },
    cookie,
  );
  await deployEnded(stack, cookie, name, value.deploy_id);
  return value.deploy_id;
}

export async function deployEnded(stack, cookie, name, id) {
  await until(`the end of the deploy of ${name}`, async () => {
    const events = await stack.call("GET", `/api/apps/${name}/events`, undefined, cookie);
    const found = events.value.find((event) => event.id === id);
    if (found?.status === "failed") throw new Error(`the deploy of ${name} failed`);
    return found?.status === "success";
  });
}

export async function signIn(page, { name, password }) {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** From nothing to a page of one's own. */
export async function enter(page, stack, { who = admin, hash = "" } = {}) {
  await page.goto(`${stack.url}/${hash}`);
  await signIn(page, who);
  await page.getByRole("navigation", { name: "Main" }).waitFor();
}

export const heading = (page, name) => page.getByRole("heading", { level: 1, name });
