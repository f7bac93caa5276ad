// Where in the page one is: the location's hash, so that the server need not know these paths.
//
//   #/apps                                   #/apps/shop/log?service=web&replica=2
//   #/deploy                                 #/apps/shop/deploy/ID (without ID: the newest)
//   #/process-log #/streams #/audit          #/apps/shop/history, versions, redeploy?version=7
//   #/users #/users/2 #/account

export type AppRoute = { page: "app"; app: string } & (
  | { tab: "log"; service?: string; replica?: number; tail?: number | "all"; since?: string; at?: string }
  | { tab: "deploy"; deploy?: string; at?: string }
  | { tab: "history" }
  | { tab: "versions" }
  | { tab: "redeploy"; version?: number }
);

export type Route =
  | { page: "apps" }
  | { page: "deploy" }
  | AppRoute
  | { page: "process-log"; at?: string }
  | { page: "streams" }
  | { page: "audit"; user?: string; app?: string }
  | { page: "users" }
  | { page: "user"; id: number }
  | { page: "account" }
  | { page: "unknown"; hash: string };

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const [first, second, ...more] = path.split("/").filter((part) => part !== "").map(decoded);
  const values = new URLSearchParams(query);
  const unknown: Route = { page: "unknown", hash };

  if (first === undefined) return { page: "apps" };
  if (first === "apps" && second !== undefined) return appRoute(second, more, values) ?? unknown;
  if (first === "users" && second !== undefined && more.length === 0) {
    const id = positive(second);
    return id === undefined ? unknown : { page: "user", id };
  }
  if (second !== undefined) return unknown;
  switch (first) {
    case "apps":
    case "deploy":
    case "streams":
    case "users":
    case "account":
      return { page: first };
    case "process-log":
      return known<Route>({ page: first, at: text(values, "at") });
    case "audit":
      return known<Route>({ page: first, user: text(values, "user"), app: text(values, "app") });
    default:
      return unknown;
  }
}

function appRoute(app: string, rest: string[], values: URLSearchParams): AppRoute | undefined {
  const [tab = "log", item, extra] = rest;
  const of = { page: "app", app } as const;
  if (extra !== undefined || (item !== undefined && tab !== "deploy")) return undefined;
  const at = text(values, "at");
  switch (tab) {
    case "history":
    case "versions":
      return { ...of, tab };
    case "deploy":
      return known<AppRoute>({ ...of, tab, deploy: item, at });
    case "redeploy":
      return known<AppRoute>({ ...of, tab, version: number(values, "version") });
    case "log":
      return known<AppRoute>({
        ...of,
        tab,
        service: text(values, "service"),
        replica: number(values, "replica"),
        tail: text(values, "tail") === "all" ? "all" : number(values, "tail"),
        since: text(values, "since"),
        at,
      });
    default:
      return undefined;
  }
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case "app": {
      const { page: _page, app, tab, ...rest } = route;
      const { deploy, ...query } = rest as { deploy?: string };
      const item = deploy === undefined ? "" : `/${encodeURIComponent(deploy)}`;
      return `#/apps/${encodeURIComponent(app)}/${tab}${item}${queryOf(query)}`;
    }
    case "user":
      return `#/users/${route.id}`;
    case "unknown":
      return route.hash;
    default: {
      const { page, ...query } = route;
      return `#/${page}${queryOf(query)}`;
    }
  }
}

function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function text(values: URLSearchParams, name: string): string | undefined {
  return values.get(name) || undefined;
}

function number(values: URLSearchParams, name: string): number | undefined {
  return positive(values.get(name) ?? "");
}

function positive(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** A hash is typed by people, too: what is no escape stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Leaves out the keys that have no value, so that routes can be compared and written back. */
function known<T extends object>(route: T): T {
  return Object.fromEntries(Object.entries(route).filter(([, value]) => value !== undefined)) as T;
}
