// Which page a route is, and for whom.
import type { ComponentChildren } from "preact";
import type { Account } from "../api/types";
import { useTitle } from "../hooks/page";
import { Empty, Heading } from "../parts/basics";
import { hrefOf, type Route } from "../router";
import { mayAdminister } from "../session/session";
import { AccountPage } from "./account";
import { AppPage } from "./app/app";
import { Apps } from "./apps";
import { Audit } from "./audit";
import { DeployNew } from "./deploy_new";
import { ProcessLog } from "./process_log";
import { StreamsPage } from "./streams";
import { UserPage } from "./user";
import { Users } from "./users";

export function Page({ route, account }: { route: Route; account: Account }) {
  const administrators = (page: ComponentChildren) =>
    mayAdminister(account) ? page : <NotForYou />;
  switch (route.page) {
    case "apps":
      return <Apps account={account} />;
    case "app":
      return <AppPage key={route.app} route={route} account={account} />;
    case "account":
      return <AccountPage account={account} />;
    case "deploy":
      return administrators(<DeployNew />);
    case "process-log":
      return administrators(<ProcessLog at={route.at} />);
    case "streams":
      return administrators(<StreamsPage />);
    case "audit":
      return administrators(<Audit user={route.user} app={route.app} />);
    case "users":
      return administrators(<Users account={account} />);
    case "user":
      return administrators(<UserPage key={route.id} id={route.id} account={account} />);
    default:
      return <NoSuchPage />;
  }
}

function NotForYou() {
  useTitle("Not for your role");
  return (
    <>
      <Heading>Not for your role</Heading>
      <Empty title="This page is for administrators.">
        <p>
          What you may see is under <a href={hrefOf({ page: "apps" })}>Apps</a>.
        </p>
      </Empty>
    </>
  );
}

function NoSuchPage() {
  useTitle("No such page");
  return (
    <>
      <Heading>No such page</Heading>
      <Empty title="This address leads nowhere.">
        <p>
          Go on with the <a href={hrefOf({ page: "apps" })}>apps</a>.
        </p>
      </Empty>
    </>
  );
}
