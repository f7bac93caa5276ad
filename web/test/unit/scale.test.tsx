// How many containers there are to be, and what comes of none.
import { field, screen, show, type } from "../dom";
import { known } from "../server";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { emptied } from "../../src/pages/app/changed_scales";
import { ScaleDialog } from "../../src/pages/app/scale";
import { signIn } from "../../src/session/session";

known.set("POST /api/auth/login", () => ({ username: "ann", role: "manage" }));
before(() => signIn("ann", "a long secret"));
const service = (name: string) => ({ service: name, state: "running", health: "" as const, replicas: 1 });

test("services that will have no container are named", () => {
  assert.deepEqual(emptied({ web: 0, db: 2, cache: 0 }), ["web", "cache"]);
});

test("a service that is scaled to nothing vanishes from here: how it comes back is said before", async () => {
  const app = { ID: "shop", Name: "shop", Slug: "shop", Status: "running" as const, deploying: false };
  await show(<ScaleDialog app={app} services={[service("web"), service("db")]} onClose={() => {}} />);
  await type(field("web"), "2");
  assert.doesNotMatch(screen.body.textContent, /brings back/);
  await type(field("web"), "0");
  assert.match(
    screen.body.textContent,
    /Without a container web can no longer be scaled here\. “Pull and update” or a deploy brings back/,
  );
});
