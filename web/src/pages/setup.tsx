// The first run: whoever comes first makes the first administrator.
import { useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { useTried } from "../hooks/tried";
import { Button, Failure } from "../parts/basics";
import { TextField } from "../parts/fields";
import { NewPasswordFields, useNewPassword } from "../parts/new_password";
import { setupIsOver, setUp } from "../session/session";
import { usernameProblem } from "../validate";

export function Setup() {
  useTitle("Set up");
  const [username, setUsername] = useState("");
  const chosen = useNewPassword();
  const { form, tried, refuse } = useTried();
  const action = useAction(() => setUp(username, chosen.password));
  const problem = usernameProblem(username);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (problem || !chosen.fine) return refuse();
    await action.run();
  };
  const over = action.error instanceof ApiError && action.error.status === 409;

  return (
    <main class="outside">
      <form ref={form} class="card" method="post" onSubmit={submit} noValidate aria-labelledby="setup-title">
        <p class="outside-brand">Spillway</p>
        <h1 id="setup-title">Set up</h1>
        <p>This server has no user yet. Make the first one: an administrator who may do everything.</p>
        {action.error !== undefined && <Failure error={action.error} />}
        {over && <Button onClick={setupIsOver}>Go to the login</Button>}
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          value={username}
          onValue={setUsername}
          problem={tried ? problem : undefined}
        />
        <NewPasswordFields of={chosen} label="Password" tried={tried} />
        <div class="buttons">
          <Button type="submit" kind="primary" busy={action.busy}>
            Make this user and sign in
          </Button>
        </div>
      </form>
    </main>
  );
}
