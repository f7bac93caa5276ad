// Modal dialogs: where the focus begins and goes back to, and when they may be left.
import { click, field, find, fire, screen, settle, show, submit, type } from "../dom";
import { known } from "../server";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { useState } from "preact/hooks";
import { ApiError } from "../../src/api/errors";
import { useAction } from "../../src/hooks/action";
import { Help } from "../../src/log/ui/help";
import { Confirm } from "../../src/parts/dialog";
import { signIn, signOut } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "manage" }));
known.set("POST /api/auth/logout", () => ({ status: "ok" }));
beforeEach(async () => {
  await show(null);
  screen.focused = screen.body;
  await settle(() => signIn("ann", "a long secret"));
});

let outcome: { done: () => void; failed: (error: unknown) => void };
let closed = 0;
function Page({ typed }: { typed?: string }) {
  const [open, setOpen] = useState<string>();
  const remove = useAction(
    () => new Promise<void>((done, failed) => void (outcome = { done, failed })),
  );
  const close = () => {
    closed++;
    setOpen(undefined);
  };
  return (
    <>
      <button type="button" onClick={() => setOpen("remove")}>
        Ask
      </button>
      <button type="button" onClick={() => setOpen("help")}>
        Show the keys
      </button>
      {open === "remove" && (
        <Confirm title="Remove?" verb="Remove" typed={typed} action={remove} onDone={close} onClose={close}>
          <p>For good.</p>
        </Confirm>
      )}
      {open === "help" && <Help onClose={close} />}
    </>
  );
}
const dialog = () => screen.body.querySelector("dialog");

test("a dialog that is left gives the focus back", async () => {
  await show(<Page />);
  await click(find("button", "Ask"));
  await click(find("button", "Keep as it is"));
  assert.equal(dialog(), null);
  assert.equal(screen.focused, find("button", "Ask"));
});

test("what comes late of a dialog that is gone does not close the next one", async () => {
  await show(<Page />);
  await click(find("button", "Ask"));
  closed = 0;
  // The browser tells of the closing later than the next one is opened.
  const late: (() => void)[] = [];
  const { push } = screen.later;
  screen.later.push = (...tasks) => late.push(...tasks);
  await click(find("button", "Keep as it is"));
  await click(find("button", "Ask"));
  screen.later.push = push;
  assert.equal(late.length, 1);
  await settle(() => late.forEach((task) => task()));
  assert.equal(closed, 1);
  assert.ok(dialog()!.open);
});

test("a dialog with a field begins there", async () => {
  await show(<Page typed="vic" />);
  await click(find("button", "Ask"));
  assert.equal(screen.focused, field("Type vic to confirm"));
});

test("a word that is not the one leads back to its field, each time", async () => {
  await show(<Page typed="vic" />);
  await click(find("button", "Ask"));
  for (let time = 0; time < 2; time++) {
    find("button", "Remove").focus();
    await submit();
    assert.equal(screen.focused, field("Type vic to confirm"));
    assert.match(dialog()!.textContent, /Type vic to go on\./);
  }
  await type(field("Type vic to confirm"), "vic");
  assert.doesNotMatch(dialog()!.textContent, /to go on/);
});

test("while it is under way a dialog cannot be left, and tells how it went", async () => {
  await show(<Page />);
  await click(find("button", "Ask"));
  closed = 0;
  await submit();
  await click(find("button", "Close"));
  await click(find("button", "Keep as it is"));
  await settle(() => fire(dialog()!, "cancel"));
  // The second Escape: the browser closes it itself.
  await settle(() => dialog()!.close());
  assert.equal(closed, 0);
  assert.ok(dialog()!.open);
  await settle(() => outcome.failed(new ApiError(409, "this user is the last administrator")));
  assert.match(dialog()!.textContent, /This user is the last administrator\./);
  await click(find("button", "Keep as it is"));
  assert.equal(closed, 1);
});

test("a second Escape closes it where nothing is under way", async () => {
  await show(<Page />);
  await click(find("button", "Ask"));
  await settle(() => dialog()!.close());
  assert.equal(dialog(), null);
});

test("the keys of the log stand in the way of no login", async () => {
  await show(<Page />);
  await click(find("button", "Show the keys"));
  assert.ok(dialog()!.open);
  await settle(() => signOut());
  assert.equal(dialog()!.open, false);
  await settle(() => signIn("ann", "a long secret"));
  assert.ok(dialog()!.open);
});
