// The ways to the live output of a deploy.
import { useEffect, useRef } from "preact/hooks";
import { listDeploys } from "../../api/calls";
import type { App } from "../../api/types";
import { go } from "../../hooks/page";
import type { AppRoute } from "../../router";

/** To the output of a deploy that was just started here. */
export function watchDeploy(slug: string, deploy: string) {
  go({ page: "app", app: slug, tab: "deploy", deploy });
}

/** Opens the live output when a deploy starts, whoever started it; not over a file being edited. */
export function useLiveDeploy(app: App | undefined, route: AppRoute) {
  const before = useRef<boolean>();
  const newest = useRef(route);
  newest.current = route;
  const deploying = app?.deploying;
  useEffect(() => {
    const started = before.current === false && deploying === true;
    before.current = deploying ?? before.current;
    if (!started) return;
    const abort = new AbortController();
    listDeploys(route.app, abort.signal).then(
      ([deploy]) => {
        const here = newest.current;
        if (deploy === undefined || abort.signal.aborted || here.tab === "redeploy") return;
        if (here.tab !== "deploy" || here.deploy !== deploy.id) watchDeploy(here.app, deploy.id);
      },
      () => {
        // The tab Deploy is marked as live all the same.
      },
    );
    return () => abort.abort();
  }, [deploying]);
}
