// Who one is by now, as the server says.
import { screen, settle, show } from "../dom";
import { asked, known, newest } from "../server";
import assert from "node:assert/strict";
import { test } from "node:test";
import { act, me } from "../../src/api/calls";
import { check, signIn, signOut, useSession } from "../../src/session/session";

const ann = { username: "ann", role: "manage" };
known.set("POST /api/auth/login", () => ann);
known.set("POST /api/auth/logout", () => ({ status: "ok" }));
function Who() {
  const session = useSession();
  return session.state === "signed-in" ? (
    <p>{`${session.account.username}, ${session.account.role}, ${session.login}`}</p>
  ) : (
    <p>{session.state}</p>
  );
}
const text = () => screen.body.textContent;
const answer = (status: number, body: unknown) => settle(() => newest("/api/me").answer(status, body));

test("what the role forbids asks which one it is", async () => {
  await show(<Who />);
  await settle(() => signIn("ann", "a long secret"));
  const refused = act("shop", "stop").catch(() => {});
  await settle(() => newest("/api/apps/shop/stop").answer(403, { error: "your role does not allow this" }));
  await refused;
  assert.equal(asked("/api/me"), 1);
  await answer(200, { username: "ann", role: "viewer" });
  assert.match(text(), /^ann, viewer/);
});

test("a login elsewhere in this browser is noticed by who is signed out here", async () => {
  await settle(() => signOut());
  await settle(() => check());
  await answer(401, { error: "credentials missing or not valid" });
  assert.equal(text(), "signed-out");
  await settle(() => check());
  await answer(200, { username: "mia", role: "viewer" });
  assert.match(text(), /^mia, viewer/);
});

test("an answer from before one signed out brings nobody back", async () => {
  await settle(() => check());
  await settle(() => signOut());
  await answer(200, { username: "mia", role: "viewer" });
  assert.equal(text(), "signed-out");
});

test("an answer from before one signed in throws nobody out, and is no second login", async () => {
  for (const [status, body] of [[401, { error: "no" }], [200, ann]] as const) {
    await settle(() => check());
    await settle(() => signIn("ann", "a long secret"));
    const before = text();
    assert.match(before, /^ann, manage/);
    await answer(status, body);
    assert.equal(text(), before);
    await settle(() => signOut());
  }
});

test("a session that has ended is noticed", async () => {
  await settle(() => signIn("ann", "a long secret"));
  const refused = me().catch(() => {});
  await answer(401, { error: "no" });
  await refused;
  assert.equal(text(), "signed-out");
});
