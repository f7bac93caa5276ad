// Every REST call of the page, by name.
import { toBase64 } from "../format/base64";
import { call } from "./client";
import type {
  Accepted,
  Account,
  ApiKey,
  App,
  AuditEntry,
  DeployRecord,
  DeployStarted,
  NewApiKey,
  Role,
  Service,
  Streams,
  User,
  Version,
  VersionWithCompose,
} from "./types";

type Signal = AbortSignal | undefined;
type Done = { status: string };

const part = encodeURIComponent;
const ofApp = (slug: string) => `/api/apps/${part(slug)}`;

// --- login --------------------------------------------------------------------------------------

export const setupStatus = (signal?: Signal) =>
  call<{ needs_setup: boolean }>("GET", "/api/setup/status", undefined, signal);
export const setUp = (username: string, password: string) =>
  call<Account>("POST", "/api/setup", { username, password });
export const logIn = (username: string, password: string) =>
  call<Account>("POST", "/api/auth/login", { username, password });
export const logOut = () => call<Done>("POST", "/api/auth/logout");
export const me = (signal?: Signal) => call<Account>("GET", "/api/me", undefined, signal);
export const changePassword = (current_password: string, new_password: string) =>
  call<Done>("PUT", "/api/me/password", { current_password, new_password });

// --- apps ---------------------------------------------------------------------------------------

export const listApps = (signal?: Signal) => call<App[]>("GET", "/api/apps", undefined, signal);
export const getApp = (slug: string, signal?: Signal) =>
  call<App>("GET", ofApp(slug), undefined, signal);
export const listServices = (slug: string, signal?: Signal) =>
  call<Service[]>("GET", `${ofApp(slug)}/services`, undefined, signal);
export const listDeploys = (slug: string, signal?: Signal) =>
  call<DeployRecord[]>("GET", `${ofApp(slug)}/events`, undefined, signal);
export const deployLogPath = (slug: string, id: string) => `${ofApp(slug)}/deploys/${part(id)}/log`;
export const listVersions = (slug: string, signal?: Signal) =>
  call<Version[]>("GET", `${ofApp(slug)}/versions`, undefined, signal);
export const getVersion = (slug: string, id: number, signal?: Signal) =>
  call<VersionWithCompose>("GET", `${ofApp(slug)}/versions/${id}`, undefined, signal);

// --- what starts or cancels a deploy --------------------------------------------------------------

export const deployApp = (name: string, compose: string, force: boolean) =>
  call<DeployStarted>("POST", "/api/apps/deploy", { name, compose: toBase64(compose), force });
export type Lifecycle = "pull" | "restart" | "stop" | "start";
export const act = (slug: string, action: Lifecycle) =>
  call<Accepted>("POST", `${ofApp(slug)}/${action}`);
export const scaleApp = (slug: string, scales: Record<string, number>) =>
  call<Accepted>("POST", `${ofApp(slug)}/scale`, { scales });
export const rollBack = (slug: string, version_id: number) =>
  call<Accepted>("POST", `${ofApp(slug)}/rollback`, { version_id });
/** Always names the deploy that was meant when it was asked for: a later one is left alone. */
export const cancelDeploy = (slug: string, deploy_id: string) =>
  call<Done>("POST", `${ofApp(slug)}/cancel`, { deploy_id });
export const removeApp = (slug: string) => call<Accepted>("DELETE", ofApp(slug));

// --- the caller's own keys ------------------------------------------------------------------------

export const listKeys = (signal?: Signal) => call<ApiKey[]>("GET", "/api/apikeys", undefined, signal);
export const createKey = (name: string, expires?: string) =>
  call<NewApiKey>("POST", "/api/apikeys", expires ? { name, expires } : { name });
export const revokeKey = (id: number) => call<Done>("DELETE", `/api/apikeys/${id}`);

// --- for super_admin ------------------------------------------------------------------------------

export const listUsers = (signal?: Signal) => call<User[]>("GET", "/api/users", undefined, signal);
export const createUser = (username: string, password: string, role: Role) =>
  call<User>("POST", "/api/users", { username, password, role });
export const removeUser = (id: number) => call<Done>("DELETE", `/api/users/${id}`);
export const setRole = (id: number, role: Role) =>
  call<Done>("PUT", `/api/users/${id}/role`, { role });
export const setPassword = (id: number, password: string) =>
  call<Done>("PUT", `/api/users/${id}/password`, { password });
export const grant = (id: number, app_slug: string) =>
  call<Done>("POST", `/api/users/${id}/access`, { app_slug });
export const revoke = (id: number, slug: string) =>
  call<Done>("DELETE", `/api/users/${id}/access/${part(slug)}`);

/** Of each publisher at most `viewers` viewers, those furthest behind. */
export const streams = (viewers: number, signal?: Signal) =>
  call<Streams>("GET", `/api/system/streams?viewers=${viewers}`, undefined, signal);

export interface AuditFilter {
  user?: string;
  app?: string;
  before?: number;
  limit?: number;
}

export function audit(filter: AuditFilter, signal?: Signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value !== "") query.set(name, String(value));
  return call<AuditEntry[]>("GET", `/api/system/audit?${query.toString()}`, undefined, signal);
}
