// The ways to the live output of a deploy.
import { useEffect, useRef } from "preact/hooks";
import { listDeploys } from "../../api/calls";
import type { App, DeployRecord } from "../../api/types";
import { go } from "../../hooks/page";
import { announce } from "../../parts/toasts";
import type { AppRoute } from "../../router";

/** To the output of a deploy that was just started here. */
export function watchDeploy(slug: string, deploy: string) {
  go({ page: "app", app: slug, tab: "deploy", deploy });
}

/** Whether a deploy that started elsewhere may take the place of what is shown: not of a file that
    is edited, nor of its own output, nor where somebody reads or answers something. */
export function mayTakeOver(
  deploy: DeployRecord | undefined,
  here: AppRoute,
  busy: boolean,
): deploy is DeployRecord {
  if (deploy?.status !== "running" || busy || here.tab === "redeploy") return false;
  return here.tab !== "deploy" || here.deploy !== deploy.id;
}

/** Which deploy is shown where the address names none: the newest, but not in the place of one that
    is being read. */
export function shownDeploy(
  deploys: DeployRecord[],
  before: string | undefined,
  busy: boolean,
): DeployRecord | undefined {
  return (busy ? deploys.find((one) => one.id === before) : undefined) ?? deploys[0];
}

/** Somebody has stopped a log to read it, or a dialog waits for an answer. */
export function isBusy(): boolean {
  return document.querySelector(".log-paused, dialog[open]") !== null;
}

/** Opens the live output when a deploy starts, whoever started it. */
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
        if (abort.signal.aborted || !mayTakeOver(deploy, here, isBusy())) return;
        announce(`A deploy was started by ${deploy.user}: this is its output.`);
        watchDeploy(here.app, deploy.id);
      },
      () => {
        // The tab Deploy is marked as live all the same.
      },
    );
    return () => abort.abort();
  }, [deploying]);
}
