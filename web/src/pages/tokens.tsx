// One's own API tokens: made, shown once, revoked.
import { useState } from "preact/hooks";
import { listKeys, revokeKey } from "../api/calls";
import type { ApiKey, NewApiKey } from "../api/types";
import { useAction } from "../hooks/action";
import { useResource } from "../hooks/resource";
import { Button, Empty, Time } from "../parts/basics";
import { Confirm } from "../parts/dialog";
import { Loaded } from "../parts/loaded";
import { announce } from "../parts/toasts";
import { NewToken, ShownOnce } from "./token_dialogs";

export function Tokens() {
  const keys = useResource("tokens", listKeys);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <section class="card" aria-labelledby="tokens-title">
      <div class="card-head">
        <h2 id="tokens-title">Tokens</h2>
        <Button onClick={() => setAdding(true)}>Make a token</Button>
      </div>
      <p class="dim">
        For programs: sent as <code>Authorization: Bearer sd_…</code>, a token may do what you may.
      </p>
      <Loaded of={keys} what="the tokens">
        {(list) =>
          list.length === 0 ? (
            <Empty title="You have no tokens yet." />
          ) : (
            <Table keys={list} onRevoke={setRevoking} />
          )
        }
      </Loaded>
      {adding && (
        <NewToken
          onClose={() => setAdding(false)}
          onMade={(key) => {
            setAdding(false);
            setMade(key);
            keys.reload();
          }}
        />
      )}
      {made && <ShownOnce made={made} onClose={() => setMade(undefined)} />}
      {revoking && (
        <Revocation
          token={revoking}
          onDone={() => {
            setRevoking(undefined);
            keys.reload();
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </section>
  );
}

function Table({ keys, onRevoke }: { keys: ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">For</th>
          <th scope="col">Made</th>
          <th scope="col">Expires</th>
          <th scope="col">Last used</th>
          <th scope="col">Do</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">{key.name}</th>
            <td data-label="Made">
              <Time at={key.created_at} />
            </td>
            <td data-label="Expires">
              <Time at={key.expires_at} none="when revoked" />
            </td>
            <td data-label="Last used">
              <Time at={key.last_used_at} none="never" />
            </td>
            <td data-label="Do">
              <Button aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
                Revoke
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Revocation(props: { token: ApiKey; onDone: () => void; onClose: () => void }) {
  const { token } = props;
  const revoke = useAction(async () => {
    await revokeKey(token.id);
    announce(`The token ${token.name} was revoked.`);
  });
  return (
    <Confirm title={`Revoke ${token.name}?`} verb="Revoke" action={revoke} onDone={props.onDone} onClose={props.onClose} danger>
      <p>Whatever uses this token is refused from now on, and its streams end.</p>
    </Confirm>
  );
}
