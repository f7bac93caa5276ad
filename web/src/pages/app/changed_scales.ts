// Of the numbers in the form those that differ from what runs: compose leaves the others alone.
import type { Service } from "../../api/types";
import { scaleProblem } from "../../validate";

export function changedScales(
  services: Service[],
  wanted: Record<string, string>,
): Record<string, number> {
  const changed: Record<string, number> = {};
  for (const { service, replicas } of services) {
    const text = wanted[service] ?? "";
    if (scaleProblem(text) === undefined && Number(text) !== replicas) changed[service] = Number(text);
  }
  return changed;
}

/** Those that will have no container: the server then lists them no more, and they are not offered. */
export function emptied(scales: Record<string, number>): string[] {
  return Object.keys(scales).filter((service) => scales[service] === 0);
}
