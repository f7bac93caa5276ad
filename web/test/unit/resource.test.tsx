// Something that is asked for again and again: by one request at a time.
import { screen, settle, show, visible } from "../dom";
import { asked, known, newest } from "../server";
import { pass, waiting } from "../clock";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { useResource } from "../../src/hooks/resource";
import { signIn } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "manage" }));
before(() => signIn("ann", "a long secret"));

let drawn = 0;
function Number() {
  drawn++;
  const number = useResource("number", load, { every: 2000 });
  return <p>{number.data ?? "nothing"}</p>;
}
const load = async (signal: AbortSignal) => (await fetch("/api/number", { signal })).json() as Promise<number>;

test("looking away and back while an answer is on its way asks for no other one", async () => {
  await show(<Number />);
  assert.equal(asked("/api/number"), 1);
  for (let time = 0; time < 5; time++) {
    await visible(false);
    await visible(true);
  }
  assert.equal(asked("/api/number"), 1);
  await settle(() => newest("/api/number").answer(200, 1));
  assert.equal(screen.body.textContent, "1");
  assert.equal(waiting(), 1);
  await settle(() => pass(2000));
  assert.equal(asked("/api/number"), 2);
  await settle(() => newest("/api/number").answer(200, 2));
  assert.equal(waiting(), 1);
});

test("who looks again is shown something new at once", async () => {
  await visible(false);
  assert.equal(waiting(), 0);
  await visible(true);
  assert.equal(asked("/api/number"), 3);
});

test("an answer that comes while nobody looks is the last", async () => {
  await visible(false);
  await settle(() => newest("/api/number").answer(200, 3));
  assert.equal(waiting(), 0);
  await visible(true);
  await settle(() => newest("/api/number").answer(200, 4));
  assert.equal(waiting(), 1);
});

test("to ask draws nothing: only an answer does", async () => {
  const before = drawn;
  await settle(() => pass(2000));
  assert.equal(drawn, before);
  await settle(() => newest("/api/number").answer(200, 5));
  assert.equal(drawn, before + 1);
});

test("what is no longer shown asks no more", async () => {
  await show(null);
  pass(60_000);
  assert.equal(waiting(), 0);
});
