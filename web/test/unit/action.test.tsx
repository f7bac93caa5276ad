// Writes: one click is one write, and an error is of the login that it came in.
import { click, find, screen, settle, show } from "../dom";
import { known } from "../server";
import { pass } from "../clock";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ApiError, sentenceOf } from "../../src/api/errors";
import { useAction } from "../../src/hooks/action";
import { renewed, signIn } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "manage" }));
before(() => signIn("ann", "a long secret"));

let runs = 0;
let outcome: () => Promise<void> = async () => {};
function Restart({ app }: { app?: object }) {
  const restart = useAction(async () => {
    runs++;
    await outcome();
  }, app);
  return (
    <>
      <button type="button" onClick={() => void restart.run()}>
        Restart
      </button>
      {restart.error !== undefined && sentenceOf(restart.error)}
    </>
  );
}
const press = () => click(find("button", "Restart"));

test("after a success a click waits for what is known of the server to be new", async () => {
  await show(<Restart app={{}} />);
  await press();
  await press();
  assert.equal(runs, 1);
  await show(<Restart app={{}} />);
  await press();
  assert.equal(runs, 2);
});

test("it waits three seconds at most", async () => {
  pass(2999);
  await press();
  assert.equal(runs, 2);
  pass(1);
  await press();
  assert.equal(runs, 3);
});

test("after a failure it may be tried again at once", async () => {
  pass(3000);
  outcome = () => Promise.reject(new ApiError(409, "a deploy of this app is under way"));
  await press();
  await press();
  assert.equal(runs, 5);
  assert.match(screen.body.textContent, /A deploy of this app is under way\./);
});

test("what failed in an earlier login is not told in the next one", async () => {
  await settle(() => renewed());
  assert.equal(screen.body.textContent, "Restart");
  await press();
  assert.match(screen.body.textContent, /under way/);
});

test("who names nothing that is known waits for nothing", async () => {
  await show(null);
  outcome = async () => {};
  await show(<Restart />);
  const before = runs;
  await press();
  await press();
  assert.equal(runs, before + 2);
});
