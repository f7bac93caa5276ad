// One app: its state, what one may do with it, and the tabs below.
import { getApp, listServices } from "../../api/calls";
import { ApiError } from "../../api/errors";
import type { Account, App, Service } from "../../api/types";
import { useTitle } from "../../hooks/page";
import { useResource, type Resource } from "../../hooks/resource";
import { Badge, Empty, Failure, Heading, Notice } from "../../parts/basics";
import { hrefOf, type AppRoute } from "../../router";
import { mayOperate } from "../../session/session";
import { Actions } from "./actions";
import { DeployTab } from "./deploy_tab";
import { HistoryTab } from "./history_tab";
import { LogTab } from "./log_tab";
import { Redeploy } from "./redeploy";
import { Services } from "./services";
import { VersionsTab } from "./versions_tab";
import { useLiveDeploy } from "./watch_deploy";

const appRefreshed = 2000;
const servicesRefreshed = 4000;

const tabs: { tab: "log" | "deploy" | "history" | "versions"; text: string }[] = [
  { tab: "log", text: "Live log" },
  { tab: "deploy", text: "Deploy" },
  { tab: "history", text: "History" },
  { tab: "versions", text: "Versions" },
];

export function AppPage({ route, account }: { route: AppRoute; account: Account }) {
  const slug = route.app;
  const tabText = tabs.find(({ tab }) => tab === route.tab)?.text ?? "Deploy again";
  useTitle(`${slug} · ${tabText}`);
  const app = useResource(`app ${slug}`, (signal) => getApp(slug, signal), { every: appRefreshed });
  const services = useResource(`services ${slug}`, (signal) => listServices(slug, signal), {
    every: servicesRefreshed,
  });
  const refresh = () => {
    app.reload();
    services.reload();
  };
  useLiveDeploy(app.data, route);

  const gone = app.error instanceof ApiError && app.error.status === 404;
  if (app.data && route.tab === "redeploy" && mayOperate(account))
    return <Redeploy app={app.data} version={route.version} />;
  return (
    <div class={route.tab === "log" || route.tab === "deploy" ? "with-log" : "stack"}>
      <p class="breadcrumb">
        <a href={hrefOf({ page: "apps" })}>Apps</a>
      </p>
      <Heading
        aside={
          app.data &&
          mayOperate(account) &&
          !gone && (
            <Actions app={app.data} services={services.data ?? []} account={account} onStarted={refresh} />
          )
        }
      >
        {app.data?.Name ?? slug} {app.data && <Badge state={gone ? "gone" : app.data.Status} />}
      </Heading>
      {app.data ? (
        <>
          {gone ? <Gone /> : <Services slug={slug} services={services} />}
          {!gone && app.error !== undefined && <Failure error={app.error} retry={app.reload} />}
          <Tabs slug={slug} at={route.tab} live={app.data.deploying} />
          <Tab route={route} app={app.data} services={services} account={account} onEnded={refresh} />
        </>
      ) : (
        <NotThere slug={slug} app={app} gone={gone} />
      )}
    </div>
  );
}

function Tabs({ slug, at, live }: { slug: string; at: string; live: boolean }) {
  return (
    <nav class="tabs" aria-label="App">
      <ul>
        {tabs.map(({ tab, text }) => (
          <li key={tab}>
            <a
              href={hrefOf({ page: "app", app: slug, tab })}
              aria-current={at === tab ? "page" : undefined}
            >
              {text}
              {tab === "deploy" && live && <span class="live-dot"> live</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Tab(props: {
  route: AppRoute;
  app: App;
  services: Resource<Service[]>;
  account: Account;
  onEnded: () => void;
}) {
  const { route, app } = props;
  const { Slug: slug, deploying } = app;
  switch (route.tab) {
    case "log":
      return <LogTab route={route} services={props.services} />;
    case "deploy":
      return <DeployTab slug={slug} deploy={route.deploy} at={route.at} deploying={deploying} onEnded={props.onEnded} />;
    case "history":
      return <HistoryTab slug={slug} deploying={deploying} />;
    case "versions":
      return <VersionsTab app={app} account={props.account} />;
    default:
      return <Empty title="To deploy is not for your role." />;
  }
}

function Gone() {
  return (
    <Notice kind="warning" action={<a href={hrefOf({ page: "apps" })}>Back to the apps</a>}>
      This app is gone, or you may not see it any more.
    </Notice>
  );
}

function NotThere({ slug, app, gone }: { slug: string; app: Resource<App>; gone: boolean }) {
  if (gone) {
    return (
      <Empty title="There is no such app, or it was not granted to you.">
        <p>
          Go back to <a href={hrefOf({ page: "apps" })}>the apps that you may see</a>.
        </p>
      </Empty>
    );
  }
  if (app.error !== undefined) return <Failure error={app.error} retry={app.reload} />;
  return (
    <p class="loading" role="status">
      Loading {slug}…
    </p>
  );
}
