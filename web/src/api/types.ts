// What the server answers, as docs/api/openapi.yaml tells it.

export type Role = "super_admin" | "manage" | "viewer";

export interface Account {
  username: string;
  role: Role;
}

export type AppStatus = "running" | "partial" | "stopped" | "unknown";

export interface App {
  ID: string;
  Name: string;
  Slug: string;
  Status: AppStatus;
  deploying: boolean;
}

export interface Service {
  service: string;
  /** Docker's word (`running`, `exited`, …), or `partial` where the containers differ. */
  state: string;
  health: "healthy" | "unhealthy" | "starting" | "";
  replicas: number;
}

export type DeployStatus = "running" | "success" | "failed" | "cancelled";

export interface DeployRecord {
  id: string;
  action: string;
  status: DeployStatus;
  exit_code: number | null;
  user: string;
  started_at: string;
  finished_at: string | null;
}

export interface Version {
  id: number;
  created_at: string;
  /** Empty for a file that was found on disk. */
  user: string;
  bytes: number;
  current: boolean;
}

export interface VersionWithCompose extends Version {
  /** base64 */
  compose: string;
}

export interface DeployStarted {
  name: string;
  status: string;
  deploy_id: string;
}

export interface Accepted {
  status: string;
  deploy_id: string;
}

export interface ApiKey {
  id: number;
  name: string;
  created_at: string;
  /** Empty: it does not end by itself. */
  expires_at: string;
  /** Empty: never. */
  last_used_at: string;
}

export interface NewApiKey {
  id: number;
  name: string;
  key: string;
}

export interface User {
  id: number;
  username: string;
  role: Role;
  created_at: string;
  apps: string[];
}

export interface AuditEntry {
  id: number;
  user: string;
  credential: string;
  address: string;
  stream: string;
  app: string | null;
  detail: string | null;
  opened_at: string;
  closed_at: string | null;
  duration_ms: number | null;
  code: number | null;
  reason: string | null;
  lines: number | null;
  bytes: number | null;
}

/** Every field may be missing: an older or newer server is shown as far as it goes. */
export interface StreamViewer {
  user?: string;
  address?: string;
  opened_at?: string;
  state?: string;
  lag_lines?: number;
  skipped_lines?: number;
  /** How long the last batch has been on its way into its socket; null where none is. */
  writing_ms?: number | null;
}

export interface Publisher {
  kind?: string;
  key?: string;
  app?: string;
  service?: string;
  replica?: number;
  deploy_id?: string;
  state?: string;
  ring?: { lines?: number; bytes?: number; capacity_bytes?: number };
  /** All of them; `viewers` has as many as were asked for, those furthest behind. */
  viewer_count?: number;
  viewers?: StreamViewer[];
}

export interface Streams {
  viewers?: number;
  max_viewers?: number;
  publishers?: Publisher[];
}
