// How many containers each service is to have.
import { useState } from "preact/hooks";
import { scaleApp } from "../../api/calls";
import type { App, Service } from "../../api/types";
import { useAction } from "../../hooks/action";
import { useTried } from "../../hooks/tried";
import { Button, Failure, Notice } from "../../parts/basics";
import { Dialog, Leave } from "../../parts/dialog";
import { TextField } from "../../parts/fields";
import { scaleProblem } from "../../validate";
import { changedScales, emptied } from "./changed_scales";
import { watchDeploy } from "./watch_deploy";

export function ScaleDialog(props: { app: App; services: Service[]; onClose: () => void }) {
  // As it was when the dialog was opened: what is typed is not changed by what happens meanwhile.
  const [services] = useState(props.services);
  const [wanted, setWanted] = useState<Record<string, string>>(
    Object.fromEntries(services.map((one) => [one.service, String(one.replicas)])),
  );
  const { form, tried, refuse } = useTried();
  const scale = useAction(async (scales: Record<string, number>) =>
    watchDeploy(props.app.Slug, (await scaleApp(props.app.Slug, scales)).deploy_id),
  );
  const scales = changedScales(services, wanted);
  const unlisted = emptied(scales);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (Object.values(wanted).some(scaleProblem) || Object.keys(scales).length === 0) return refuse();
    if (await scale.run(scales)) props.onClose();
  };

  return (
    <Dialog title={`Scale ${props.app.Name}`} busy={scale.busy} onClose={props.onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        {services.map(({ service, replicas }) => (
          <TextField
            key={service}
            label={service}
            hint={`Now ${replicas}.`}
            inputMode="numeric"
            value={wanted[service] ?? ""}
            onValue={(value) => setWanted({ ...wanted, [service]: value })}
            problem={tried ? scaleProblem(wanted[service] ?? "") : undefined}
          />
        ))}
        {tried && Object.keys(scales).length === 0 && (
          <p class="problem" role="alert">
            Change a number first.
          </p>
        )}
        {unlisted.length > 0 && (
          <Notice kind="warning">
            Without a container {unlisted.join(", ")} can no longer be scaled here. “Pull and update” or
            a deploy brings back what the compose file says.
          </Notice>
        )}
        {scale.error !== undefined && <Failure error={scale.error} />}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={scale.busy}>
            Scale
          </Button>
          <Leave>Keep as it is</Leave>
        </div>
      </form>
    </Dialog>
  );
}
