// Signing in, at the beginning and where a session ended.
import { useEffect, useRef, useState } from "preact/hooks";
import { loginSentence } from "../api/errors";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { Button, Notice } from "../parts/basics";
import { TextField } from "../parts/fields";
import { signIn } from "../session/session";

export function Login({ why, name }: { why?: string; name?: string }) {
  useTitle("Sign in");
  const [username, setUsername] = useState(name ?? "");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const action = useAction(() => signIn(username, password));

  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>(name ? "[type=password]" : "input")?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const incomplete = username === "" || password === "";
    setMissing(incomplete);
    if (!incomplete && !(await action.run()))
      form.current?.querySelector<HTMLInputElement>("[type=password]")?.select();
  };

  return (
    <main class="outside">
      <form ref={form} class="card" onSubmit={submit} noValidate aria-labelledby="login-title">
        <p class="outside-brand">Spillway</p>
        <h1 id="login-title">Sign in</h1>
        {why && action.error === undefined && <Notice>{why}</Notice>}
        {action.error !== undefined && (
          <Notice kind="danger" id="login-error">
            {loginSentence(action.error)}
          </Notice>
        )}
        <TextField
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          value={username}
          onValue={setUsername}
          problem={missing && username === "" ? "Give your user name." : undefined}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          problem={missing && password === "" ? "Give your password." : undefined}
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
