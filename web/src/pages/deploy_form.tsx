// The form that deploys: a name, a compose file, and whether it may replace an app.
import { useState } from "preact/hooks";
import { deployApp } from "../api/calls";
import { ApiError } from "../api/errors";
import { useAction } from "../hooks/action";
import { useTried } from "../hooks/tried";
import { Button, Failure, Notice } from "../parts/basics";
import { CheckField, TextField } from "../parts/fields";
import { appNameProblem, composeProblem } from "../validate";
import { watchDeploy } from "./app/watch_deploy";
import { ComposeField } from "./compose_field";

/** With `app` an app that exists: its name is given, and it is replaced. */
export function DeployForm(props: { app?: string; compose?: string; busy?: boolean }) {
  const [name, setName] = useState(props.app ?? "");
  const [compose, setCompose] = useState(props.compose ?? "");
  const [force, setForce] = useState(props.app !== undefined);
  // Not before: a sentence that appears while one presses the button would move it away.
  const { form, tried, refuse } = useTried();
  const deploy = useAction(async () => {
    const started = await deployApp(name, compose, force);
    watchDeploy(started.name, started.deploy_id);
  });
  const problems = { name: appNameProblem(name), compose: composeProblem(compose) };

  const refused = deploy.error instanceof ApiError && /\bforce\b/.test(deploy.error.message);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (problems.name || problems.compose) return refuse();
    await deploy.run();
  };

  return (
    <form ref={form} class="deploy-form" onSubmit={submit} noValidate>
      {props.app === undefined && (
        <TextField
          label="Name"
          hint="Letters, digits, dots, underscores and hyphens, at most 63; the first a letter or a digit."
          autoCapitalize="none"
          spellcheck={false}
          value={name}
          onValue={setName}
          problem={tried ? problems.name : undefined}
        />
      )}
      <ComposeField
        value={compose}
        onValue={setCompose}
        problem={tried ? problems.compose : undefined}
      />
      {props.app === undefined && (
        <CheckField
          label="Replace an app of this name, if there is one"
          hint={refused && !force ? "There is one: with this ticked it is deployed anew." : undefined}
          checked={force}
          onValue={setForce}
        />
      )}
      {props.busy && <Notice kind="warning">A deploy of this app is under way. Wait for its end.</Notice>}
      {deploy.error !== undefined && <Failure error={deploy.error} />}
      <div class="buttons">
        <Button type="submit" kind="primary" busy={deploy.busy}>
          Deploy
        </Button>
      </div>
    </form>
  );
}
