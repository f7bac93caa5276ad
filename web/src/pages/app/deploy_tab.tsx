// The output of one deploy: the one in the address, else the newest; live while it runs.
import { useEffect, useRef } from "preact/hooks";
import { deployLogPath, listDeploys } from "../../api/calls";
import type { DeployRecord } from "../../api/types";
import { useResource } from "../../hooks/resource";
import { LogView } from "../../log";
import { Empty, Time } from "../../parts/basics";
import { Download } from "../../parts/download";
import { Loaded } from "../../parts/loaded";
import { hrefOf } from "../../router";
import { check, useLogin } from "../../session/session";
import { DeployBadge } from "./deploy_badge";
import { actionText } from "./deploy_words";
import { isBusy, shownDeploy } from "./watch_deploy";

const refreshed = 3000;

export function DeployTab(props: {
  slug: string;
  deploy: string | undefined;
  at: string | undefined;
  deploying: boolean;
  onEnded: () => void;
}) {
  const { slug, deploying } = props;
  const deploys = useResource(`deploys ${slug}`, (signal) => listDeploys(slug, signal), {
    every: refreshed,
  });
  useEffect(() => {
    if (deploys.data !== undefined) deploys.reload();
  }, [deploying]);

  const shown = useRef<string>();
  const output = (id: string, record: DeployRecord | undefined, newest = id) => (
    <>
      <Head slug={slug} record={record} newer={newest === id ? undefined : newest} />
      <Output {...props} id={id} onEnded={() => (deploys.reload(), props.onEnded())} />
    </>
  );
  // With an id nothing need be known: its output is asked for at once.
  if (props.deploy !== undefined) {
    const list = deploys.data ?? [];
    return output(props.deploy, list.find((one) => one.id === props.deploy), list[0]?.id);
  }
  return (
    <Loaded of={deploys} what="the deploys">
      {(list) => {
        const deploy = shownDeploy(list, shown.current, isBusy());
        shown.current = deploy?.id;
        if (deploy !== undefined) return output(deploy.id, deploy, list[0]?.id);
        return (
          <Empty title="Nothing has been deployed here yet.">
            <p>A deploy that somebody starts appears here by itself, while it runs.</p>
          </Empty>
        );
      }}
    </Loaded>
  );
}

function Output(props: { slug: string; id: string; at?: string; onEnded: () => void }) {
  const login = useLogin();
  return (
    <div class="log-place">
      <LogView
        key={`${login} ${props.id}`}
        source={{ kind: "deploy", app: props.slug, deploy: props.id }}
        title={`Output of a deploy of ${props.slug}`}
        at={props.at}
        onEnded={props.onEnded}
        onSignedOut={() => void check()}
      />
    </div>
  );
}

function Head(props: {
  slug: string;
  record: DeployRecord | undefined;
  /** The newest deploy, where it is another one. */
  newer: string | undefined;
}) {
  const { slug, record, newer } = props;
  return (
    <div class="deploy-head">
      {record && (
        <p>
          <DeployBadge status={record.status} />{" "}
          <strong>{actionText(record.action)}</strong> by {record.user}, <Time at={record.started_at} />
          {record.exit_code !== null && record.status === "failed" && <>, exit code {record.exit_code}</>}
        </p>
      )}
      <p class="deploy-links">
        {newer !== undefined && (
          <a href={hrefOf({ page: "app", app: slug, tab: "deploy", deploy: newer })}>
            Show the newest deploy
          </a>
        )}
        {record && record.status !== "running" && (
          <Download path={deployLogPath(slug, record.id)} name={`${slug}-${record.id}.ndjson`}>
            Download as NDJSON
          </Download>
        )}
      </p>
    </div>
  );
}
