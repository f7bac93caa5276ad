// How somebody likes their logs, remembered in this browser.
import { useState } from "preact/hooks";
import type { Zone } from "../text/time";

export interface Prefs {
  wrap: boolean;
  zone: Zone;
  regex: boolean;
  matchCase: boolean;
}

const key = "spillway.log";
const small = "(max-width: 48rem)";

/** On a small screen lines are wrapped, and times left out, until somebody wants it otherwise. */
function initial(): Prefs {
  const isSmall = matchMedia(small).matches;
  return { wrap: isSmall, zone: isSmall ? "off" : "local", regex: false, matchCase: false };
}

/** What was stored, as far as it makes sense. */
export function read(stored: string | null, otherwise: Prefs): Prefs {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? "");
  } catch {
    return otherwise;
  }
  if (typeof value !== "object" || value === null) return otherwise;
  const of = value as Partial<Record<keyof Prefs, unknown>>;
  const flag = (name: "wrap" | "regex" | "matchCase") => {
    const found = of[name];
    return typeof found === "boolean" ? found : otherwise[name];
  };
  const zone =
    of.zone === "off" || of.zone === "local" || of.zone === "utc" ? of.zone : otherwise.zone;
  return { wrap: flag("wrap"), zone, regex: flag("regex"), matchCase: flag("matchCase") };
}

function load(): Prefs {
  try {
    return read(localStorage.getItem(key), initial());
  } catch {
    return initial(); // storage is switched off
  }
}

export function usePrefs(): [Prefs, (change: Partial<Prefs>) => void] {
  const [prefs, setPrefs] = useState(load);
  const change = (changed: Partial<Prefs>) => {
    const next = { ...prefs, ...changed };
    setPrefs(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // It then holds until the page is left.
    }
  };
  return [prefs, change];
}
