// The audit, page after page.
import { click, find, screen, settle, show } from "../dom";
import { known, newest } from "../server";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AuditEntry } from "../../src/api/types";
import { Audit } from "../../src/pages/audit";
import { signIn } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "super_admin" }));
const entry = (id: number): AuditEntry => ({
  id, user: `user ${id}`, credential: "session", address: "::1", stream: "logs", app: null, detail: null,
  opened_at: "2026-04-17T10:00:00Z", closed_at: null, duration_ms: null, code: null, reason: null,
  lines: null, bytes: null,
});
const from = (id: number, count = 100) => Array.from({ length: count }, (_, index) => entry(id - index));
const first = "/api/system/audit?limit=100";
const shown = () =>
  screen.body.querySelectorAll('th[scope="row"]').map((cell) => Number(cell.textContent.slice(5)));
before(async () => {
  await signIn("ann", "a long secret");
  await show(<Audit />);
  await settle(() => newest(first).answer(200, from(500)));
});

test("older ones follow on those that are there", async () => {
  await click(find("button", "Show older ones"));
  await settle(() => newest("/api/system/audit?before=401&limit=100").answer(200, from(400)));
  assert.deepEqual(shown(), from(500, 200).map(({ id }) => id));
});

test("older ones that come after a refresh are not mixed into what is there now", async () => {
  await click(find("button", "Show older ones"));
  const older = newest("/api/system/audit?before=301&limit=100");
  await click(find("button", "Refresh"));
  await settle(() => newest(first).answer(200, from(900)));
  await settle(() => older.answer(200, from(300, 50)));
  assert.deepEqual(shown(), from(900).map(({ id }) => id));
  // There are still older ones.
  await click(find("button", "Show older ones"));
  await settle(() => newest("/api/system/audit?before=801&limit=100").answer(200, from(800, 1)));
  assert.equal(shown().length, 101);
});
