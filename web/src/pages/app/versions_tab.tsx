// The compose files that an app has had; an earlier one can be looked at and deployed again.
import { useEffect, useState } from "preact/hooks";
import { getVersion, listVersions, rollBack } from "../../api/calls";
import type { Account, App, Version } from "../../api/types";
import { fromBase64 } from "../../format/base64";
import { bytes } from "../../format/quantities";
import { useAction } from "../../hooks/action";
import { useResource } from "../../hooks/resource";
import { Badge, Button, Empty, Time } from "../../parts/basics";
import { Confirm, Dialog } from "../../parts/dialog";
import { Loaded } from "../../parts/loaded";
import { hrefOf } from "../../router";
import { mayOperate } from "../../session/session";
import { watchDeploy } from "./watch_deploy";

type Open = { what: "show" | "roll back"; version: Version } | undefined;

export function VersionsTab({ app, account }: { app: App; account: Account }) {
  const slug = app.Slug;
  const versions = useResource(`versions ${slug}`, (signal) => listVersions(slug, signal));
  const [open, setOpen] = useState<Open>();
  useEffect(() => {
    if (versions.data !== undefined) versions.reload();
  }, [app.deploying]);
  const close = () => setOpen(undefined);
  return (
    <>
      <Loaded of={versions} what="the versions">
        {(list) =>
          list.length === 0 ? (
            <Empty title="No compose file of this app was kept.">
              <p>Each deploy of a changed file adds one.</p>
            </Empty>
          ) : (
            <Table slug={slug} versions={list} operator={mayOperate(account)} busy={app.deploying} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open?.what === "show" && <ComposeDialog slug={slug} version={open.version} onClose={close} />}
      {open?.what === "roll back" && <RollBack slug={slug} version={open.version} onClose={close} />}
    </>
  );
}

function Table(props: {
  slug: string;
  versions: Version[];
  operator: boolean;
  busy: boolean;
  onOpen: (open: Open) => void;
}) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Deployed by</th>
          <th scope="col">When</th>
          <th scope="col">Size</th>
          {props.operator && <th scope="col">Do</th>}
        </tr>
      </thead>
      <tbody>
        {props.versions.map((version) => (
          <tr key={version.id}>
            <th scope="row">
              {version.id} {version.current && <Badge state="live" text="in use" />}
            </th>
            <td data-label="Deployed by">{version.user || <span class="dim">found on disk</span>}</td>
            <td data-label="When">
              <Time at={version.created_at} />
            </td>
            <td data-label="Size">{bytes(version.bytes)}</td>
            {props.operator && (
              <td data-label="Do">
                <div class="buttons buttons-small" role="group" aria-label={`Version ${version.id}`}>
                  <Button onClick={() => props.onOpen({ what: "show", version })}>Show</Button>
                  <a
                    class="button button-plain"
                    href={hrefOf({ page: "app", app: props.slug, tab: "redeploy", version: version.id })}
                  >
                    Edit
                  </a>
                  {!version.current && (
                    <Button disabled={props.busy} onClick={() => props.onOpen({ what: "roll back", version })}>
                      Deploy again
                    </Button>
                  )}
                </div>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ComposeDialog(props: { slug: string; version: Version; onClose: () => void }) {
  const { slug, version } = props;
  const compose = useResource(`version ${slug} ${version.id}`, (signal) =>
    getVersion(slug, version.id, signal),
  );
  return (
    <Dialog title={`Version ${version.id} of ${slug}`} onClose={props.onClose}>
      <Loaded of={compose} what="the file">
        {(data) => (
          <pre class="compose" tabIndex={0} aria-label="Compose file">
            {fromBase64(data.compose)}
          </pre>
        )}
      </Loaded>
    </Dialog>
  );
}

function RollBack(props: { slug: string; version: Version; onClose: () => void }) {
  const { slug, version, onClose } = props;
  const action = useAction(async () => watchDeploy(slug, (await rollBack(slug, version.id)).deploy_id));
  return (
    <Confirm title={`Deploy version ${version.id} again?`} verb="Deploy it" action={action} onDone={onClose} onClose={onClose}>
      <p>
        {slug} then runs the compose file of <Time at={version.created_at} />. The file in use now stays
        among the versions.
      </p>
    </Confirm>
  );
}
