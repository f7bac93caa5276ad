// How many containers each service is to have.
import { useState } from "preact/hooks";
import { scaleApp } from "../../api/calls";
import type { App, Service } from "../../api/types";
import { useAction } from "../../hooks/action";
import { Button, Failure } from "../../parts/basics";
import { Dialog } from "../../parts/dialog";
import { TextField } from "../../parts/fields";
import { scaleProblem } from "../../validate";
import { changedScales } from "./changed_scales";
import { watchDeploy } from "./watch_deploy";

export function ScaleDialog(props: { app: App; services: Service[]; onClose: () => void }) {
  // As it was when the dialog was opened: what is typed is not changed by what happens meanwhile.
  const [services] = useState(props.services);
  const [wanted, setWanted] = useState<Record<string, string>>(
    Object.fromEntries(services.map((one) => [one.service, String(one.replicas)])),
  );
  const [tried, setTried] = useState(false);
  const scale = useAction(async (scales: Record<string, number>) =>
    watchDeploy(props.app.Slug, (await scaleApp(props.app.Slug, scales)).deploy_id),
  );
  const scales = changedScales(services, wanted);

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wanted).some(scaleProblem) || Object.keys(scales).length === 0) return;
    if (await scale.run(scales)) props.onClose();
  };

  return (
    <Dialog title={`Scale ${props.app.Name}`} onClose={props.onClose}>
      <form onSubmit={submit} noValidate>
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
        {scale.error !== undefined && <Failure error={scale.error} />}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={scale.busy}>
            Scale
          </Button>
          <Button onClick={props.onClose}>Keep as it is</Button>
        </div>
      </form>
    </Dialog>
  );
}
