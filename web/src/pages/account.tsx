// What is one's own: the password and the tokens.
import { useState } from "preact/hooks";
import { changePassword } from "../api/calls";
import type { Account } from "../api/types";
import { useAction } from "../hooks/action";
import { useTitle } from "../hooks/page";
import { useTried } from "../hooks/tried";
import { Button, Failure, Heading } from "../parts/basics";
import { TextField } from "../parts/fields";
import { NewPasswordFields, useNewPassword } from "../parts/new_password";
import { announce } from "../parts/toasts";
import { renewed } from "../session/session";
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
  const chosen = useNewPassword();
  const { form, tried, refuse, forget } = useTried();
  const change = useAction(async () => {
    await changePassword(current, chosen.password);
    setCurrent("");
    chosen.clear();
    forget();
    renewed();
    announce("Your password was changed. Other places where you were signed in are signed out.");
  });
  const problem = current === "" ? "Give your current password." : undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    if (problem || !chosen.fine) return refuse();
    void change.run();
  };
  return (
    <section class="card" aria-labelledby="own-password-title">
      <h2 id="own-password-title">Password</h2>
      <form ref={form} method="post" onSubmit={submit} noValidate>
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
          problem={tried ? problem : undefined}
        />
        <NewPasswordFields of={chosen} label="New password" tried={tried} />
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
