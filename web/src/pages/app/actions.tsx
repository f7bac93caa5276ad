// What may be done with an app, for those who may.
import { useState } from "preact/hooks";
import { act, cancelDeploy, removeApp, type Lifecycle } from "../../api/calls";
import type { Accepted, Account, App, Service } from "../../api/types";
import { useAction } from "../../hooks/action";
import { Button, Failure } from "../../parts/basics";
import { Confirm } from "../../parts/dialog";
import { announce } from "../../parts/toasts";
import { hrefOf } from "../../router";
import { mayAdminister } from "../../session/session";
import { runningDeploy } from "./running_deploy";
import { ScaleDialog } from "./scale";
import { watchDeploy } from "./watch_deploy";

type Open = "stop" | "cancel" | "scale" | "delete" | undefined;

export function Actions(props: {
  app: App;
  services: Service[];
  account: Account;
  /** Something was started: what is known of the app is old. */
  onStarted: () => void;
}) {
  const { app, services, account } = props;
  const slug = app.Slug;
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const [newest, setNewest] = useState<Lifecycle>();
  const started = ({ deploy_id }: Accepted) => {
    watchDeploy(slug, deploy_id);
    props.onStarted();
  };
  const lifecycle = useAction(async (action: Lifecycle) => {
    setNewest(action);
    started(await act(slug, action));
  }, app);
  const stop = useAction(async () => started(await act(slug, "stop")));
  const remove = useAction(async () => started(await removeApp(slug)));
  // The one that runs when the dialog opens: by the time it is confirmed another one may.
  const [meant, setMeant] = useState("");
  const askToCancel = useAction(async () => {
    setMeant(await runningDeploy(slug));
    openFresh("cancel");
  });
  const cancel = useAction(async () => {
    await cancelDeploy(slug, meant);
    announce("The deploy is being cancelled.");
  });
  const openFresh = (dialog: Open) => {
    for (const action of [lifecycle, stop, remove, askToCancel, cancel]) action.clear();
    setOpen(dialog);
  };
  const doing = (action: Lifecycle, text: string) => (
    <Button busy={lifecycle.busy && newest === action} onClick={() => void lifecycle.run(action)}>
      {text}
    </Button>
  );

  return (
    <div class="actions">
      <div class="buttons" role="group" aria-label={`Actions for ${app.Name}`}>
        {app.deploying ? (
          <Button kind="danger" busy={askToCancel.busy} onClick={() => void askToCancel.run()}>
            Cancel the deploy
          </Button>
        ) : (
          <>
            {app.Status !== "running" && doing("start", "Start")}
            {app.Status !== "stopped" && doing("restart", "Restart")}
            {doing("pull", "Pull and update")}
            {services.length > 0 && <Button onClick={() => openFresh("scale")}>Scale</Button>}
            {app.Status !== "stopped" && <Button onClick={() => openFresh("stop")}>Stop</Button>}
            <a class="button button-plain" href={hrefOf({ page: "app", app: slug, tab: "redeploy" })}>
              Edit and deploy
            </a>
            {mayAdminister(account) && (
              <Button kind="danger" onClick={() => openFresh("delete")}>
                Delete
              </Button>
            )}
          </>
        )}
      </div>
      {lifecycle.error !== undefined && <Failure error={lifecycle.error} />}
      {askToCancel.error !== undefined && <Failure error={askToCancel.error} />}
      {open === "stop" && (
        <Confirm title={`Stop ${app.Name}?`} verb="Stop it" action={stop} onDone={close} onClose={close} danger>
          <p>Its containers are stopped, and stay. Start brings them back.</p>
        </Confirm>
      )}
      {open === "cancel" && (
        <Confirm title="Cancel the deploy?" verb="Cancel the deploy" action={cancel} onDone={close} onClose={close} danger>
          <p>Compose is ended where it is. What it has changed so far stays changed.</p>
        </Confirm>
      )}
      {open === "delete" && (
        <Confirm
          title={`Delete ${app.Name}?`}
          verb="Delete it for good"
          typed={app.Slug}
          action={remove}
          onDone={close}
          onClose={close}
          danger
        >
          <p>
            Its containers are taken down. Then its compose file, its recorded deploys and what was
            granted of it are forgotten. This cannot be undone.
          </p>
        </Confirm>
      )}
      {open === "scale" && <ScaleDialog app={app} services={services} onClose={close} />}
    </div>
  );
}
