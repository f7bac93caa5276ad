// The bar at the top; on a phone its links fold away behind a button.
import { useEffect, useState } from "preact/hooks";
import type { Account } from "./api/types";
import { useAction } from "./hooks/action";
import { useTheme, type Theme } from "./hooks/theme";
import { Button, Failure } from "./parts/basics";
import { hrefOf, type Route } from "./router";
import { mayAdminister, signOut } from "./session/session";

interface Entry {
  text: string;
  to: Route;
  /** Pages below it. */
  also?: Route["page"][];
}

const forAll: Entry[] = [{ text: "Apps", to: { page: "apps" }, also: ["app", "deploy"] }];
const forAdministrators: Entry[] = [
  { text: "Process log", to: { page: "process-log" } },
  { text: "Streams", to: { page: "streams" } },
  { text: "Audit", to: { page: "audit" } },
  { text: "Users", to: { page: "users" }, also: ["user"] },
];

export function Navigation({ account, route }: { account: Account; route: Route }) {
  const [open, setOpen] = useState(false);
  const leave = useAction(signOut);
  const entries = mayAdminister(account) ? [...forAll, ...forAdministrators] : forAll;
  const address = hrefOf(route);
  useEffect(() => setOpen(false), [address]);

  return (
    <header
      class="top"
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <div class="top-bar">
        <a class="brand" href={hrefOf({ page: "apps" })}>
          Spillway
        </a>
        <button
          type="button"
          class="top-menu"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
        <nav id="navigation" class={open ? "nav nav-open" : "nav"} aria-label="Main">
          <ul>
            {entries.map((entry) => (
              <li key={entry.text}>
                <Link entry={entry} route={route} />
              </li>
            ))}
          </ul>
          <ul class="nav-own">
            <li>
              <ThemeButton />
            </li>
            <li>
              <Link entry={{ text: account.username, to: { page: "account" } }} route={route} label={`Your account, ${account.username}`} />
            </li>
            <li>
              <Button kind="quiet" busy={leave.busy} onClick={() => void leave.run()}>
                Sign out
              </Button>
            </li>
          </ul>
        </nav>
      </div>
      {leave.error !== undefined && <Failure error={leave.error} />}
    </header>
  );
}

function Link({ entry, route, label }: { entry: Entry; route: Route; label?: string }) {
  const here = entry.to.page === route.page;
  const below = entry.also?.includes(route.page) ?? false;
  return (
    <a
      href={hrefOf(entry.to)}
      aria-label={label}
      aria-current={here ? "page" : below ? "true" : undefined}
    >
      {entry.text}
    </a>
  );
}

const after: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const signs: Record<Theme, string> = { system: "◐", light: "☀", dark: "☾" };

function ThemeButton() {
  const [theme, setTheme] = useTheme();
  return (
    <button
      type="button"
      class="button button-quiet theme-button"
      aria-label={`Colours: ${theme}. Change to ${after[theme]}`}
      title={`Colours: ${theme}`}
      onClick={() => setTheme(after[theme])}
    >
      <span aria-hidden="true">{signs[theme]}</span>
      <span class="theme-word" aria-hidden="true">
        Colours: {theme}
      </span>
    </button>
  );
}
