// Signing in, at the beginning and where a session ended.
import { useEffect, useState } from "preact/hooks";
import { loginSentence } from "../api/errors";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { useTried } from "../hooks/tried";
import { Button, Notice } from "../parts/basics";
import { TextField } from "../parts/fields";
import { signIn } from "../session/session";

export function Login({ why, name }: { why?: string; name?: string }) {
  useTitle("Sign in");
  const [username, setUsername] = useState(name ?? "");
  const [password, setPassword] = useState("");
  const { form, tried, refuse } = useTried();
  const action = useAction(() => signIn(username, password));

  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>(name ? "[type=password]" : "input")?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (username === "" || password === "") return refuse();
    if (!(await action.run()))
      form.current?.querySelector<HTMLInputElement>("[type=password]")?.select();
  };

  return (
    <main class="outside">
      <form ref={form} class="card" method="post" onSubmit={submit} noValidate aria-labelledby="login-title">
        <p class="outside-brand">Spillway</p>
        <h1 id="login-title">Sign in</h1>
        {why && action.error === undefined && <Notice>{why}</Notice>}
        {action.error !== undefined && (
          <Notice kind="danger">{loginSentence(action.error)}</Notice>
        )}
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          value={username}
          onValue={setUsername}
          problem={tried && username === "" ? "Give your user name." : undefined}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          problem={tried && password === "" ? "Give your password." : undefined}
        />
        <div class="buttons">
          <Button type="submit" kind="primary" busy={action.busy}>
            Sign in
          </Button>
        </div>
      </form>
    </main>
  );
}
