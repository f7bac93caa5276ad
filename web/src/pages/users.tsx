// All users, and a new one.
import { useState } from "preact/hooks";
import { createUser, listUsers } from "../api/calls";
import type { Account, Role, User } from "../api/types";
import { count } from "../format/quantities";
import { useAction } from "../hooks/action";
import { go, useTitle } from "../hooks/page";
import { useResource } from "../hooks/resource";
import { useTried } from "../hooks/tried";
import { Button, Failure, Heading, Time } from "../parts/basics";
import { Dialog, Leave } from "../parts/dialog";
import { SelectField, TextField } from "../parts/fields";
import { Loaded } from "../parts/loaded";
import { announce } from "../parts/toasts";
import { hrefOf } from "../router";
import { newPasswordProblem, usernameProblem } from "../validate";
import { roleMay, roles, roleText } from "./roles";

export function Users({ account }: { account: Account }) {
  useTitle("Users");
  const users = useResource("users", listUsers);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Heading
        aside={
          <Button kind="primary" onClick={() => setAdding(true)}>
            Add a user
          </Button>
        }
      >
        Users
      </Heading>
      <Loaded of={users} what="the users">
        {(list) => <Table users={list} self={account.username} />}
      </Loaded>
      {adding && <NewUser onClose={() => setAdding(false)} />}
    </>
  );
}

function Table({ users, self }: { users: User[]; self: string }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Apps</th>
          <th scope="col">Made</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <th scope="row">
              <a class="row-link" href={hrefOf({ page: "user", id: user.id })}>
                {user.username}
              </a>
              {user.username === self && <span class="dim"> (you)</span>}
            </th>
            <td data-label="Role">{roleText(user.role)}</td>
            <td data-label="Apps">
              {user.role === "super_admin" ? (
                <span class="dim">all</span>
              ) : user.apps.length === 0 ? (
                <span class="dim">none yet</span>
              ) : user.apps.length <= 4 ? (
                user.apps.join(", ")
              ) : (
                <span title={user.apps.join(", ")}>{count(user.apps.length, "app")}</span>
              )}
            </td>
            <td data-label="Made">
              <Time at={user.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NewUser({ onClose }: { onClose: () => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const { form, tried, refuse } = useTried();
  const problems = { username: usernameProblem(username), password: newPasswordProblem(password) };
  const create = useAction(async () => {
    const { id } = await createUser(username, password, role);
    announce(`${username} was added.`);
    // There the apps are granted.
    go({ page: "user", id });
  });
  const submit = async (event: Event) => {
    event.preventDefault();
    if (problems.username || problems.password) return refuse();
    await create.run();
  };
  return (
    <Dialog title="Add a user" busy={create.busy} onClose={onClose}>
      <form ref={form} method="post" onSubmit={submit} noValidate>
        <TextField
          label="User name"
          autoCapitalize="none"
          spellcheck={false}
          value={username}
          onValue={setUsername}
          problem={tried ? problems.username : undefined}
        />
        <TextField
          label="Password"
          hint="At least 8 characters. Tell it to them; they can change it."
          type="password"
          autoComplete="new-password"
          value={password}
          onValue={setPassword}
          problem={tried ? problems.password : undefined}
        />
        <SelectField
          label="Role"
          hint={roleMay(role)}
          value={role}
          onValue={(value) => setRole(value as Role)}
          options={roles}
        />
        {create.error !== undefined && <Failure error={create.error} />}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={create.busy}>
            Add
          </Button>
          <Leave>Cancel</Leave>
        </div>
      </form>
    </Dialog>
  );
}
