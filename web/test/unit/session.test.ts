// Who is signed in, as events come.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../src/api/types";
import { endedSentence, next, type Session } from "../../src/session/state";

const ann: Account = { username: "ann", role: "manage" };
const asking: Session = { state: "asking" };
const signedIn = next(asking, { type: "came in", account: ann });

test("a login is signed in, each with a number of its own", () => {
  assert.equal(signedIn.state, "signed-in");
  const again = next(signedIn, { type: "came in", account: ann });
  assert.ok(again.state === "signed-in" && signedIn.state === "signed-in" && again.login > signedIn.login);
});

test("a session that ended says so, and whose it was", () => {
  assert.deepEqual(next(signedIn, { type: "ended" }), { state: "signed-out", why: endedSentence, last: ann });
});

test("it ends once: what comes late changes nothing", () => {
  const ended = next(signedIn, { type: "ended" });
  assert.equal(next(ended, { type: "ended" }), ended);
  assert.equal(next(asking, { type: "ended" }), asking);
  const setup: Session = { state: "setup" };
  assert.equal(next(setup, { type: "ended" }), setup);
});

test("who signs out leaves nothing behind", () => {
  const left = next(signedIn, { type: "left" });
  assert.ok(left.state === "signed-out" && left.last === undefined);
});

test("a role that was changed counts from now on, in the same login", () => {
  const changed = next(signedIn, { type: "is still", account: { ...ann, role: "viewer" } });
  assert.ok(changed.state === "signed-in" && signedIn.state === "signed-in");
  assert.equal(changed.account.role, "viewer");
  assert.equal(changed.login, signedIn.login);
});

test("nothing new is no change", () => {
  assert.equal(next(signedIn, { type: "is still", account: { ...ann } }), signedIn);
});

test("a failure counts while it is asked who one is, and never later", () => {
  const error = new Error("x");
  assert.deepEqual(next(asking, { type: "failed", error }), { state: "unreachable", error });
  assert.equal(next(signedIn, { type: "failed", error }), signedIn);
});

test("nobody is signed in: a login, or the setup where there is no user", () => {
  assert.deepEqual(next(asking, { type: "nobody" }), { state: "signed-out" });
  assert.deepEqual(next(asking, { type: "needs setup" }), { state: "setup" });
});
