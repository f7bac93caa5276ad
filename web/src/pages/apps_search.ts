// Which apps a search means: every word has to be in the name or the state.
import type { App } from "../api/types";

export function matching(apps: App[], wanted: string): App[] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return apps.filter((app) => {
    const text = `${app.Name} ${app.Slug} ${app.Status} ${app.deploying ? "deploying" : ""}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
}
