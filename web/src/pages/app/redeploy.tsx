// An app that exists, deployed with an edited compose file.
import { getVersion, listVersions } from "../../api/calls";
import type { App } from "../../api/types";
import { fromBase64 } from "../../format/base64";
import { useResource } from "../../hooks/resource";
import { Heading } from "../../parts/basics";
import { Loaded } from "../../parts/loaded";
import { hrefOf } from "../../router";
import { DeployForm } from "../deploy_form";

export function Redeploy({ app, version }: { app: App; version?: number }) {
  const slug = app.Slug;
  const compose = useResource(`compose ${slug} ${version ?? "in use"}`, async (signal) => {
    const id = version ?? (await listVersions(slug, signal)).find((one) => one.current)?.id;
    return id === undefined ? "" : fromBase64((await getVersion(slug, id, signal)).compose);
  });
  return (
    <>
      <p class="breadcrumb">
        <a href={hrefOf({ page: "apps" })}>Apps</a> ›{" "}
        <a href={hrefOf({ page: "app", app: slug, tab: "versions" })}>{slug}</a>
      </p>
      <Heading>Deploy {app.Name} again</Heading>
      <Loaded of={compose} what="the compose file">
        {(text) => <DeployForm key={version} app={slug} compose={text} busy={app.deploying} />}
      </Loaded>
    </>
  );
}
