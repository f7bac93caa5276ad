// What is one's own: the password and the tokens.
import { useState } from "preact/hooks";
import { changePassword } from "../api/calls";
import type { Account } from "../api/types";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { Button, Failure, Heading } from "../parts/basics";
import { TextField } from "../parts/fields";
import { announce } from "../parts/toasts";
import { renewed } from "../session/session";
import { newPasswordProblem } from "../validate";
import { roleMay, roleText } from "./roles";
import { Tokens } from "./tokens";

export function AccountPage({ account }: { account: Account }) {
  useTitle("Your account");
  return (
    <>
      <Heading>Your account</Heading>
      <p>
        You are <strong>{account.username}</strong>, {roleText(account.role).toLowerCase()}.{" "}
        <span class="dim">{roleMay(account.role)}</span>
      </p>
      <div class="sections">
        <Tokens />
        <PasswordForm />
      </div>
    </>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const change = useAction(async () => {
    await changePassword(current, password);
    setCurrent("");
    setPassword("");
    setAgain("");
    setTried(false);
    renewed();
    announce("Your password was changed. Other places where you were signed in are signed out.");
  });
  const problems = {
    current: current === "" ? "Give your current password." : undefined,
    password: newPasswordProblem(password),
    again: again === password ? undefined : "The two passwords differ.",
  };
  const shown = (problem: string | undefined) => (tried ? problem : undefined);
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!problems.current && !problems.password && !problems.again) void change.run();
  };
  return (
    <section class="card" aria-labelledby="own-password-title">
      <h2 id="own-password-title">Password</h2>
      <form onSubmit={submit} noValidate>
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
          problem={shown(problems.current)}
        />
        <TextField
          label="New password"
          hint="At least 8 characters."
          type="password"
          autoComplete="new-password"
          value={password}
          onValue={setPassword}
          problem={shown(problems.password)}
        />
        <TextField
          label="New password again"
          type="password"
          autoComplete="new-password"
          value={again}
          onValue={setAgain}
          problem={shown(problems.again)}
        />
        {change.error !== undefined && <Failure error={change.error} />}
        <div class="buttons">
          <Button type="submit" busy={change.busy}>
            Change the password
          </Button>
        </div>
      </form>
    </section>
  );
}
