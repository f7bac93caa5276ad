// A new password of one's own: typed twice, for nobody sees what is typed.
import { useState } from "preact/hooks";
import { newPasswordProblem } from "../validate";
import { TextField } from "./fields";

export interface NewPassword {
  password: string;
  again: string;
  setPassword: (text: string) => void;
  setAgain: (text: string) => void;
  clear: () => void;
  problems: { password?: string; again?: string };
  /** Whether it may be sent. */
  fine: boolean;
}

export function useNewPassword(): NewPassword {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const problems = {
    password: newPasswordProblem(password),
    again: again === password ? undefined : "The two passwords differ.",
  };
  const clear = () => {
    setPassword("");
    setAgain("");
  };
  const fine = !problems.password && !problems.again;
  return { password, again, setPassword, setAgain, clear, problems, fine };
}

/** The two fields of it; its problems are told once the form was tried. */
export function NewPasswordFields(props: { of: NewPassword; label: string; tried: boolean }) {
  const { of, label, tried } = props;
  return (
    <>
      <TextField
        label={label}
        hint="At least 8 characters."
        name="password"
        type="password"
        autoComplete="new-password"
        value={of.password}
        onValue={of.setPassword}
        problem={tried ? of.problems.password : undefined}
      />
      <TextField
        label={`${label} again`}
        name="again"
        type="password"
        autoComplete="new-password"
        value={of.again}
        onValue={of.setAgain}
        problem={tried ? of.problems.again : undefined}
      />
    </>
  );
}
