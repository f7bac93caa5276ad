// The output of one deploy: the one in the address, else the newest; live while it runs.
import { useEffect } from "preact/hooks";
import { deployLogPath, listDeploys } from "../../api/calls";
import type { DeployRecord } from "../../api/types";
import { useResource } from "../../hooks/resource";
import { LogView } from "../../log";
import { Empty, Time } from "../../parts/basics";
import { Loaded } from "../../parts/loaded";
import { hrefOf } from "../../router";
import { check, useLogin } from "../../session/session";
import { DeployBadge } from "./deploy_badge";
import { actionText } from "./deploy_words";

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

  const output = (id: string, record: DeployRecord | undefined, newest: boolean) => (
    <>
      <Head slug={slug} record={record} newest={newest} />
      <Output {...props} id={id} onEnded={() => (deploys.reload(), props.onEnded())} />
    </>
  );
  // With an id nothing need be known: its output is asked for at once.
  if (props.deploy !== undefined) {
    const list = deploys.data ?? [];
    const newest = list[0] === undefined || list[0].id === props.deploy;
    return output(props.deploy, list.find((one) => one.id === props.deploy), newest);
  }
  return (
    <Loaded of={deploys} what="the deploys">
      {([newest]) =>
        newest ? (
          output(newest.id, newest, true)
        ) : (
          <Empty title="Nothing has been deployed here yet.">
            <p>A deploy that somebody starts appears here by itself, while it runs.</p>
          </Empty>
        )
      }
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

function Head(props: { slug: string; record: DeployRecord | undefined; newest: boolean }) {
  const { slug, record, newest } = props;
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
        {!newest && <a href={hrefOf({ page: "app", app: slug, tab: "deploy" })}>Show the newest deploy</a>}
        {record && record.status !== "running" && (
          <a href={deployLogPath(slug, record.id)} download={`${slug}-${record.id}.ndjson`}>
            Download as NDJSON
          </a>
        )}
      </p>
    </div>
  );
}
