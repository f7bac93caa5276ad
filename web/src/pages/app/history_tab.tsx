// The recorded deploys of an app.
import { useEffect } from "preact/hooks";
import { deployLogPath, listDeploys } from "../../api/calls";
import type { DeployRecord } from "../../api/types";
import { useNow } from "../../hooks/page";
import { useResource } from "../../hooks/resource";
import { Empty, Time } from "../../parts/basics";
import { Download } from "../../parts/download";
import { Loaded } from "../../parts/loaded";
import { hrefOf } from "../../router";
import { DeployBadge } from "./deploy_badge";
import { actionText, durationText, exitText } from "./deploy_words";

const refreshed = 5000;

export function HistoryTab({ slug, deploying }: { slug: string; deploying: boolean }) {
  const deploys = useResource(`deploys ${slug}`, (signal) => listDeploys(slug, signal), {
    every: refreshed,
  });
  useEffect(() => {
    if (deploys.data !== undefined) deploys.reload();
  }, [deploying]);
  return (
    <Loaded of={deploys} what="the deploys">
      {(list) =>
        list.length === 0 ? (
          <Empty title="Nothing has been deployed here yet.">
            <p>Every deploy, restart and change of scale is recorded here with its output.</p>
          </Empty>
        ) : (
          <Table slug={slug} deploys={list} />
        )
      }
    </Loaded>
  );
}

function Table({ slug, deploys }: { slug: string; deploys: DeployRecord[] }) {
  const now = useNow();
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Result</th>
          <th scope="col">Exit code</th>
          <th scope="col">By</th>
          <th scope="col">When</th>
          <th scope="col">Took</th>
          <th scope="col">Output</th>
        </tr>
      </thead>
      <tbody>
        {deploys.map((record) => (
          <tr key={record.id}>
            <th scope="row">
              <a href={hrefOf({ page: "app", app: slug, tab: "deploy", deploy: record.id })}>
                {actionText(record.action)}
              </a>
            </th>
            <td data-label="Result">
              <DeployBadge status={record.status} />
            </td>
            <td data-label="Exit code">{exitText(record)}</td>
            <td data-label="By">{record.user}</td>
            <td data-label="When">
              <Time at={record.started_at} />
            </td>
            <td data-label="Took">{durationText(record, now)}</td>
            <td data-label="Output">
              <Download
                path={deployLogPath(slug, record.id)}
                name={`${slug}-${record.id}.ndjson`}
                label={`Download the output of ${actionText(record.action)}, ${record.started_at}, as NDJSON`}
              >
                NDJSON
              </Download>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
