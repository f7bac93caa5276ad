// All apps that one may see, with their state.
import { useState } from "preact/hooks";
import { listApps } from "../api/calls";
import type { Account, App } from "../api/types";
import { count } from "../format/quantities";
import { useTitle } from "../hooks/page";
import { useResource } from "../hooks/resource";
import { Badge, Button, Empty, Heading } from "../parts/basics";
import { Loaded } from "../parts/loaded";
import { hrefOf } from "../router";
import { mayAdminister } from "../session/session";
import { matching } from "./apps_search";

const refreshed = 3000;
/** From so many on a search helps more than it is in the way. */
const many = 8;

export function Apps({ account }: { account: Account }) {
  useTitle("Apps");
  const apps = useResource("apps", listApps, { every: refreshed });
  return (
    <>
      <Heading
        aside={
          mayAdminister(account) && (
            <a class="button button-primary" href={hrefOf({ page: "deploy" })}>
              Deploy a new app
            </a>
          )
        }
      >
        Apps
      </Heading>
      <Loaded of={apps} what="the apps">
        {(list) => (list.length === 0 ? <NoApps account={account} /> : <List apps={list} />)}
      </Loaded>
    </>
  );
}

function List({ apps }: { apps: App[] }) {
  const [wanted, setWanted] = useState("");
  const found = matching(apps, wanted);
  return (
    <>
      {(apps.length >= many || wanted !== "") && (
        <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
          <input
            type="search"
            aria-label="Search apps by name or state"
            placeholder="Search by name or state"
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
          <span class="dim" role="status">
            {wanted === "" ? count(apps.length, "app") : `${found.length} of ${count(apps.length, "app")}`}
          </span>
        </form>
      )}
      {found.length === 0 ? (
        <Empty title={`No app matches “${wanted}”.`}>
          <Button onClick={() => setWanted("")}>Show all</Button>
        </Empty>
      ) : (
        <Table apps={found} />
      )}
    </>
  );
}

function Table({ apps }: { apps: App[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">State</th>
          <th scope="col">Deploy</th>
        </tr>
      </thead>
      <tbody>
        {apps.map((app) => (
          <tr key={app.Slug}>
            <th scope="row">
              <a class="row-link" href={hrefOf({ page: "app", app: app.Slug, tab: "log" })}>
                {app.Name}
              </a>
            </th>
            <td data-label="State">
              <Badge state={app.Status} />
            </td>
            <td data-label="Deploy">
              {app.deploying ? (
                <a href={hrefOf({ page: "app", app: app.Slug, tab: "deploy" })}>
                  <Badge state="deploying" text="deploying, watch it" />
                </a>
              ) : (
                <span class="dim">–</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NoApps({ account }: { account: Account }) {
  if (!mayAdminister(account)) {
    return (
      <Empty title="No apps have been granted to you yet.">
        <p>An administrator can grant you some, on the page Users.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No apps yet.">
      <p>
        <a href={hrefOf({ page: "deploy" })}>Deploy one</a>, or put a folder with a{" "}
        <code>docker-compose.yml</code> into the server's folder of apps.
      </p>
    </Empty>
  );
}
