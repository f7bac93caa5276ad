// One user: their role, what they may see, a new password, and the end.
import { useState } from "preact/hooks";
import { listUsers, removeUser, setPassword, setRole } from "../api/calls";
import type { Account, Role, User } from "../api/types";
import { useAction } from "../hooks/action";
import { go, useTitle } from "../hooks/page";
import { useResource } from "../hooks/resource";
import { useTried } from "../hooks/tried";
import { Button, Empty, Failure, Heading, Notice } from "../parts/basics";
import { Confirm } from "../parts/dialog";
import { SelectField, TextField } from "../parts/fields";
import { Loaded } from "../parts/loaded";
import { announce } from "../parts/toasts";
import { hrefOf } from "../router";
import { check } from "../session/session";
import { newPasswordProblem } from "../validate";
import { Grants } from "./grants";
import { roleMay, roles } from "./roles";

export function UserPage({ id, account }: { id: number; account: Account }) {
  const users = useResource("users", listUsers);
  const user = users.data?.find((one) => one.id === id);
  useTitle(user?.username ?? "User");
  const self = user?.username === account.username;
  return (
    <>
      <p class="breadcrumb">
        <a href={hrefOf({ page: "users" })}>Users</a>
      </p>
      <Heading>{user?.username ?? "User"}</Heading>
      <Loaded of={users} what="the user">
        {() =>
          user === undefined ? (
            <Empty title="There is no such user.">
              <p>
                Go back to <a href={hrefOf({ page: "users" })}>all users</a>.
              </p>
            </Empty>
          ) : (
            <div class="sections">
              <RoleForm user={user} self={self} onDone={users.reload} />
              <Grants user={user} onChange={users.reload} />
              {!self && <PasswordForm user={user} />}
              <Removal user={user} self={self} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function RoleForm(props: { user: User; self: boolean; onDone: () => void }) {
  const { user } = props;
  const [role, choose] = useState<Role>(user.role);
  const change = useAction(async () => {
    await setRole(user.id, role);
    announce(`The role of ${user.username} was changed.`);
    props.onDone();
    if (props.self) await check();
  });
  return (
    <section class="card" aria-labelledby="role-title">
      <h2 id="role-title">Role</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change.run();
        }}
      >
        <SelectField label="What they may do" hint={roleMay(role)} value={role} onValue={(value) => choose(value as Role)} options={roles} />
        {props.self && role !== "super_admin" && (
          <Notice kind="warning">You would no longer be an administrator.</Notice>
        )}
        {change.error !== undefined && <Failure error={change.error} />}
        <div class="buttons">
          <Button type="submit" busy={change.busy} disabled={role === user.role}>
            Change the role
          </Button>
        </div>
      </form>
    </section>
  );
}

function PasswordForm({ user }: { user: User }) {
  const [password, typed] = useState("");
  const { form, tried, refuse, forget } = useTried();
  const problem = newPasswordProblem(password);
  const change = useAction(async () => {
    await setPassword(user.id, password);
    typed("");
    forget();
    announce(`${user.username} has a new password.`);
  });
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <form
        ref={form}
        method="post"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (problem) return refuse();
          void change.run();
        }}
      >
        <TextField
          label="New password"
          hint="Ends their logins. Their tokens stay valid."
          type="password"
          autoComplete="new-password"
          value={password}
          onValue={typed}
          problem={tried ? problem : undefined}
        />
        {change.error !== undefined && <Failure error={change.error} />}
        <div class="buttons">
          <Button type="submit" busy={change.busy}>
            Set this password
          </Button>
        </div>
      </form>
    </section>
  );
}

function Removal({ user, self }: { user: User; self: boolean }) {
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await removeUser(user.id);
    announce(`${user.username} was removed.`);
    if (self) await check();
  });
  return (
    <section class="card" aria-labelledby="removal-title">
      <h2 id="removal-title">Remove</h2>
      <p>Their logins, tokens and grants end, and what they watch just now.</p>
      <div class="buttons">
        <Button kind="danger" onClick={() => (remove.clear(), setAsking(true))}>
          Remove {user.username}
        </Button>
      </div>
      {asking && (
        <Confirm
          title={self ? "Remove yourself?" : `Remove ${user.username}?`}
          verb="Remove"
          typed={user.username}
          action={remove}
          onDone={() => go({ page: "users" })}
          onClose={() => setAsking(false)}
          danger
        >
          <p>This cannot be undone.</p>
        </Confirm>
      )}
    </section>
  );
}
