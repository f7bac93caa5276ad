// Which apps a user may see: each box is a grant, given or taken back at once.
import { useEffect, useState } from "preact/hooks";
import { grant, listApps, revoke } from "../api/calls";
import type { User } from "../api/types";
import { useResource } from "../hooks/resource";
import { Empty, Failure } from "../parts/basics";
import { CheckField } from "../parts/fields";
import { Loaded } from "../parts/loaded";
import { grantable } from "./grantable";

export function Grants({ user, onChange }: { user: User; onChange: () => void }) {
  const apps = useResource("apps", listApps);
  return (
    <section class="card" aria-labelledby="grants-title">
      <h2 id="grants-title">Apps</h2>
      {user.role === "super_admin" ? (
        <p class="dim">An administrator sees every app without a grant.</p>
      ) : (
        <Loaded of={apps} what="the apps">
          {(list) => <Boxes user={user} apps={grantable(list, user.apps)} onChange={onChange} />}
        </Loaded>
      )}
    </section>
  );
}

function Boxes(props: {
  user: User;
  apps: { slug: string; exists: boolean }[];
  onChange: () => void;
}) {
  const { user, apps, onChange } = props;
  /** What was ticked here counts until a list of the server's that was asked for later. */
  const [wanted, setWanted] = useState<Record<string, boolean>>({});
  const [underWay, setUnderWay] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>();
  const set = async (slug: string, granted: boolean) => {
    if (underWay.has(slug)) return;
    setUnderWay((before) => new Set(before).add(slug));
    setError(undefined);
    setWanted((before) => ({ ...before, [slug]: granted }));
    try {
      await (granted ? grant(user.id, slug) : revoke(user.id, slug));
    } catch (failure) {
      setError(failure);
      setWanted(({ [slug]: _refused, ...others }) => others);
    }
    setUnderWay((before) => new Set([...before].filter((one) => one !== slug)));
    onChange();
  };
  useEffect(
    () =>
      setWanted((before) =>
        Object.fromEntries(Object.entries(before).filter(([slug]) => underWay.has(slug))),
      ),
    [user],
  );
  if (apps.length === 0) return <Empty title="There are no apps to grant yet." />;
  return (
    <fieldset class="grants">
      <legend>
        {user.username} may {user.role === "manage" ? "see and operate" : "see"}
      </legend>
      {apps.map(({ slug, exists }) => (
        <CheckField
          key={slug}
          label={exists ? slug : `${slug} (gone)`}
          checked={wanted[slug] ?? user.apps.includes(slug)}
          busy={underWay.has(slug)}
          onValue={(checked) => void set(slug, checked)}
        />
      ))}
      {error !== undefined && <Failure error={error} />}
    </fieldset>
  );
}
