// Deploy records in words.
import type { DeployRecord } from "../../api/types";
import { duration } from "../../format/quantities";
import { parseTime } from "../../format/times";

const actions: Record<string, string> = {
  deploy: "Deploy",
  pull: "Pull and update",
  restart: "Restart",
  stop: "Stop",
  start: "Start",
  scale: "Scale",
  down: "Delete",
  rollback: "Earlier version",
};

export function actionText(action: string): string {
  return actions[action] ?? action;
}

export function exitText(record: DeployRecord): string {
  if (record.exit_code === null) return "–";
  return record.exit_code === -1 ? "server ended" : String(record.exit_code);
}

/** How long it took, or has taken so far. */
export function durationText(record: DeployRecord, now: number): string {
  const begun = parseTime(record.started_at);
  if (begun === undefined) return "–";
  const ended = parseTime(record.finished_at);
  if (ended !== undefined) return duration(ended - begun);
  return record.status === "running" ? `${duration(now - begun)} so far` : "–";
}
