// The apps that there are, and those that were granted and are gone: such a grant can be taken back.
import type { App } from "../api/types";

export function grantable(apps: App[], granted: string[]): { slug: string; exists: boolean }[] {
  const there = new Set(apps.map((app) => app.Slug));
  const all = new Set([...there, ...granted]);
  return [...all]
    .sort((one, other) => one.localeCompare(other))
    .map((slug) => ({ slug, exists: there.has(slug) }));
}
