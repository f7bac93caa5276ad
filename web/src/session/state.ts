// Who looks at the page.
//
//   asking ──► setup ──► signed-in ◄──► signed-out
//      └──► unreachable (asks again when told to)
//
// A session that ended by itself keeps `last`: the page stays as it was behind the login, so that
// nothing that was typed is lost, and one is back where one was.
import type { Account } from "../api/types";

export type Session =
  | { state: "asking" }
  | { state: "unreachable"; error: unknown }
  | { state: "setup" }
  | { state: "signed-out"; why?: string; last?: Account }
  /** `login` grows with each: streams of an earlier one are gone. */
  | { state: "signed-in"; account: Account; login: number };

export type SessionEvent =
  | { type: "asked again" }
  | { type: "failed"; error: unknown }
  | { type: "needs setup" }
  | { type: "nobody" }
  | { type: "came in"; account: Account }
  | { type: "is still"; account: Account }
  | { type: "ended" }
  | { type: "left" };

export const endedSentence = "Your session has ended. Sign in to go on where you were.";

export function next(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case "asked again":
      return { state: "asking" };
    case "failed":
      return session.state === "asking" ? { state: "unreachable", error: event.error } : session;
    case "needs setup":
      return { state: "setup" };
    case "nobody":
      return session.state === "signed-in" ? next(session, { type: "ended" }) : { state: "signed-out" };
    case "came in":
      return { state: "signed-in", account: event.account, login: logins++ };
    case "is still":
      return session.state === "signed-in" && !same(session.account, event.account)
        ? { ...session, account: event.account }
        : session;
    case "ended":
      return session.state === "signed-in"
        ? { state: "signed-out", why: endedSentence, last: session.account }
        : session;
    case "left":
      return { state: "signed-out", why: "You are signed out." };
  }
}

let logins = 1;

function same(one: Account, other: Account): boolean {
  return one.username === other.username && one.role === other.role;
}
