// The first run: whoever comes first makes the first administrator.
import { useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { Button, Failure } from "../parts/basics";
import { TextField } from "../parts/fields";
import { setupIsOver, setUp } from "../session/session";
import { newPasswordProblem, usernameProblem } from "../validate";

export function Setup() {
  useTitle("Set up");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction(() => setUp(username, password));
  const problems = {
    username: usernameProblem(username),
    password: newPasswordProblem(password),
    again: again === password ? undefined : "The two passwords differ.",
  };
  const shown = (problem: string | undefined) => (tried ? problem : undefined);

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (problems.username || problems.password || problems.again) return;
    await action.run();
  };
  const over = action.error instanceof ApiError && action.error.status === 409;

  return (
    <main class="outside">
      <form class="card" onSubmit={submit} noValidate aria-labelledby="setup-title">
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
          problem={shown(problems.username)}
        />
        <TextField
          label="Password"
          hint="At least 8 characters."
          name="password"
          type="password"
          autoComplete="new-password"
          value={password}
          onValue={setPassword}
          problem={shown(problems.password)}
        />
        <TextField
          label="Password again"
          name="again"
          type="password"
          autoComplete="new-password"
          value={again}
          onValue={setAgain}
          problem={shown(problems.again)}
        />
        <div class="buttons">
          <Button type="submit" kind="primary" busy={action.busy}>
            Make this user and sign in
          </Button>
        </div>
      </form>
    </main>
  );
}
