// The one session of this page, its requests, and the hooks that read it.
import { useEffect, useRef, useState } from "preact/hooks";
import * as api from "../api/calls";
import { whenForbidden, whenUnauthorized } from "../api/client";
import { ApiError } from "../api/errors";
import type { Account } from "../api/types";
import { next, type Session, type SessionEvent } from "./state";

let session: Session = { state: "asking" };
const listeners = new Set<() => void>();

function dispatch(event: SessionEvent) {
  const before = session;
  session = next(session, event);
  if (session !== before) for (const listener of [...listeners]) listener();
}

whenUnauthorized(() => {
  const asked = session;
  return () => {
    if (session === asked) dispatch({ type: "ended" });
  };
});
whenForbidden(() => void check());

/** Asks who is signed in; nobody: whether the first user is still to be made. */
export async function begin(): Promise<void> {
  dispatch({ type: "asked again" });
  try {
    dispatch({ type: "came in", account: await api.me() });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) {
      dispatch({ type: "failed", error });
      return;
    }
    await askForSetup();
  }
}

async function askForSetup() {
  try {
    const { needs_setup } = await api.setupStatus();
    dispatch({ type: needs_setup ? "needs setup" : "nobody" });
  } catch (error) {
    dispatch({ type: "failed", error });
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  dispatch({ type: "came in", account: await api.logIn(username, password) });
}

/** Makes the first user and signs them in: they have just proved the password. */
export async function setUp(username: string, password: string): Promise<void> {
  await api.setUp(username, password);
  await signIn(username, password);
}

export async function signOut(): Promise<void> {
  await api.logOut();
  dispatch({ type: "left" });
}

/** Somebody else was faster with the setup. */
export function setupIsOver() {
  dispatch({ type: "nobody" });
}

/**
 * Who one is by now: whether the session still stands, and with which role; or whether one has
 * signed in elsewhere in this browser. A 401 ends a session by itself.
 */
export async function check(): Promise<void> {
  const asked = session;
  if (asked.state !== "signed-in" && asked.state !== "signed-out") return;
  try {
    const account = await api.me();
    // Who signed in or out meanwhile knows better than this answer.
    if (session === asked)
      dispatch({ type: asked.state === "signed-in" ? "is still" : "came in", account });
  } catch {
    // Out of reach is not out of session.
  }
}

/** After one's own password was changed: this login goes on, streams of the old one have ended. */
export function renewed() {
  if (session.state === "signed-in") dispatch({ type: "came in", account: session.account });
}

export function useSession(): Session {
  const [seen, setSeen] = useState(session);
  useEffect(() => {
    const listener = () => setSeen(session);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return seen;
}

/** A number that changes with each login, for what must begin anew then. */
export function useLogin(): number {
  const seen = useSession();
  const newest = useRef(0);
  if (seen.state === "signed-in") newest.current = seen.login;
  return newest.current;
}

export const mayOperate = (account: Account) => account.role !== "viewer";
export const mayAdminister = (account: Account) => account.role === "super_admin";
