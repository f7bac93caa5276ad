// Who watched what: the streams that were opened, newest first.
import { useEffect, useRef, useState } from "preact/hooks";
import { audit } from "../api/calls";
import type { AuditEntry } from "../api/types";
import { bytes, duration, grouped } from "../format/quantities";
import { go, useTitle } from "../hooks/page";
import { useAction } from "../hooks/action";
import { useResource } from "../hooks/resource";
import { Badge, Button, Empty, Failure, Heading, Time } from "../parts/basics";
import { TextField } from "../parts/fields";
import { Loaded } from "../parts/loaded";

const perPage = 100;

export function Audit({ user, app }: { user?: string; app?: string }) {
  useTitle("Audit");
  const newest = useResource(`audit ${user ?? ""}/${app ?? ""}`, (signal) =>
    audit({ user, app, limit: perPage }, signal),
  );
  return (
    <>
      <Heading aside={<Button onClick={newest.reload}>Refresh</Button>}>Audit</Heading>
      <p class="dim">Every stream that was opened: by whom, from where, and how it ended.</p>
      <Filter key={`${user}/${app}`} user={user} app={app} />
      <Loaded of={newest} what="the entries">
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={user || app ? "No stream matches." : "No stream has been opened yet."} />
          ) : (
            <Entries newest={entries} user={user} app={app} />
          )
        }
      </Loaded>
    </>
  );
}

function Filter(props: { user?: string; app?: string }) {
  const [user, setUser] = useState(props.user ?? "");
  const [app, setApp] = useState(props.app ?? "");
  return (
    <form
      class="filter"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go({ page: "audit", user: user.trim() || undefined, app: app.trim() || undefined });
      }}
    >
      <TextField label="User" value={user} onValue={setUser} autoCapitalize="none" spellcheck={false} />
      <TextField label="App" value={app} onValue={setApp} autoCapitalize="none" spellcheck={false} />
      <Button type="submit">Filter</Button>
      {(props.user || props.app) && <Button onClick={() => go({ page: "audit" })}>Show all</Button>}
    </form>
  );
}

function Entries({ newest, user, app }: { newest: AuditEntry[]; user?: string; app?: string }) {
  const [older, setOlder] = useState<AuditEntry[]>([]);
  const [whole, setWhole] = useState(newest.length < perPage);
  useEffect(() => {
    setOlder([]);
    setWhole(newest.length < perPage);
  }, [newest]);
  const entries = [...newest, ...older];
  const shown = useRef(newest);
  shown.current = newest;
  const more = useAction(async () => {
    const before = entries[entries.length - 1]!.id;
    const page = await audit({ user, app, before, limit: perPage });
    // Refreshed meanwhile: this page would not follow on the entries that are there now.
    if (shown.current !== newest) return;
    setOlder((known) => [...known, ...page]);
    setWhole(page.length < perPage);
  });
  return (
    <>
      <div class="scroll" tabIndex={0} role="group" aria-label="Entries of the audit">
        <table>
          <thead>
            <tr>
              <th scope="col">User</th>
              <th scope="col">Stream</th>
              <th scope="col">From</th>
              <th scope="col">Opened</th>
              <th scope="col">Lasted</th>
              <th scope="col">End</th>
              <th scope="col" class="number">
                Lines
              </th>
              <th scope="col" class="number">
                Bytes
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
      {more.error !== undefined && <Failure error={more.error} />}
      {!whole && (
        <div class="buttons">
          <Button busy={more.busy} onClick={() => void more.run()}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const what = [entry.app, entry.detail].filter(Boolean).join(" / ");
  return (
    <tr>
      <th scope="row">{entry.user}</th>
      <td>
        {entry.stream}
        {what && <span class="dim"> {what}</span>}
      </td>
      <td>
        {entry.address} <span class="dim">{entry.credential}</span>
      </td>
      <td>
        <Time at={entry.opened_at} />
      </td>
      <td>{entry.duration_ms === null ? "–" : duration(entry.duration_ms)}</td>
      <td>
        {entry.closed_at === null ? (
          <Badge state="live" text="open" />
        ) : (
          <>
            {entry.code ?? "no code"} {entry.reason && <span class="dim">{entry.reason}</span>}
          </>
        )}
      </td>
      <td class="number">{entry.lines === null ? "–" : grouped(entry.lines)}</td>
      <td class="number">{entry.bytes === null ? "–" : bytes(entry.bytes)}</td>
    </tr>
  );
}
