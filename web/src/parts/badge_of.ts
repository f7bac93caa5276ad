// Which sign and colour go with a state; the word itself always stands beside them.

export interface BadgeLook {
  kind: "ok" | "warning" | "danger" | "busy" | "off";
  sign: string;
}

const looks: Record<string, BadgeLook> = {
  running: { kind: "ok", sign: "●" },
  healthy: { kind: "ok", sign: "✓" },
  success: { kind: "ok", sign: "✓" },
  following: { kind: "ok", sign: "●" },
  live: { kind: "ok", sign: "●" },
  partial: { kind: "warning", sign: "◐" },
  starting: { kind: "warning", sign: "◔" },
  restarting: { kind: "warning", sign: "◔" },
  paused: { kind: "warning", sign: "‖" },
  replaying: { kind: "busy", sign: "▸" },
  backfilling: { kind: "busy", sign: "▸" },
  opening: { kind: "busy", sign: "▸" },
  recording: { kind: "busy", sign: "▸" },
  queued: { kind: "warning", sign: "◔" },
  waiting: { kind: "warning", sign: "◔" },
  unknown: { kind: "warning", sign: "?" },
  cancelled: { kind: "warning", sign: "⊘" },
  deploying: { kind: "busy", sign: "▸" },
  unhealthy: { kind: "danger", sign: "!" },
  failed: { kind: "danger", sign: "✕" },
  dead: { kind: "danger", sign: "✕" },
};

export function badgeOf(state: string): BadgeLook {
  return looks[state] ?? { kind: "off", sign: "○" };
}
