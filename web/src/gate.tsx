// Decides between setup, login and the page proper.
//
// Where a session ended by itself the page proper stays in place, hidden: what was typed there is
// there again after the login, unless somebody else signs in.
import { useEffect, useRef } from "preact/hooks";
import { Failure } from "./parts/basics";
import { Login } from "./pages/login";
import { Setup } from "./pages/setup";
import { begin, useSession } from "./session/session";
import type { Session } from "./session/state";
import { Shell } from "./shell";

export function Gate() {
  const session = useSession();
  const account =
    session.state === "signed-in"
      ? session.account
      : session.state === "signed-out"
        ? session.last
        : undefined;
  const open = session.state === "signed-in";
  const wasOutside = useRef(false);
  useEffect(() => {
    // The form that had the focus is gone: a screen reader goes on at the top of the page.
    if (open && wasOutside.current) document.querySelector<HTMLElement>("#main h1")?.focus();
    wasOutside.current = session.state === "signed-out" || session.state === "setup";
  }, [session.state]);
  return (
    <>
      {!open && <Outside session={session} />}
      {account && (
        <div class="inside" key={`${account.username} ${account.role}`} hidden={!open}>
          <Shell account={account} />
        </div>
      )}
    </>
  );
}

function Outside({ session }: { session: Session }) {
  switch (session.state) {
    case "setup":
      return <Setup />;
    case "signed-out":
      return <Login why={session.why} name={session.last?.username} />;
    case "unreachable":
      return (
        <main class="outside">
          <h1>Spillway</h1>
          <Failure error={session.error} retry={() => void begin()} />
        </main>
      );
    default:
      return (
        <main class="outside">
          <p class="loading" role="status">
            Loading…
          </p>
        </main>
      );
  }
}
