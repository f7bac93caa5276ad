// The frame around every page: skip link, navigation, the page itself, what was just done.
import { useEffect, useRef } from "preact/hooks";
import type { Account } from "./api/types";
import { useRoute } from "./hooks/page";
import { Navigation } from "./navigation";
import { Page } from "./pages/page";
import { Boundary } from "./parts/boundary";
import { Toasts } from "./parts/toasts";
import { hrefOf, type Route } from "./router";

export function Shell({ account }: { account: Account }) {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  const before = useRef(place);

  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    window.scrollTo(0, 0);
    main.current?.querySelector("h1")?.focus();
  }, [place]);

  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The hash is where the page keeps its address.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <Navigation account={account} route={route} />
      <main ref={main} id="main" tabIndex={-1}>
        <Boundary at={hrefOf(route)}>
          <Page route={route} account={account} />
        </Boundary>
      </main>
      <Toasts />
    </div>
  );
}

/** Tabs of one app are one place: there the focus stays where it is. */
function placeOf(route: Route): string {
  if (route.page === "app") return `app ${route.app} ${route.tab === "redeploy"}`;
  if (route.page === "user") return `user ${route.id}`;
  return route.page;
}
