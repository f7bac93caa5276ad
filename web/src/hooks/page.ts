// What belongs to a page as a whole: its address, its title, the time that its clocks show.
import { useEffect, useRef, useState } from "preact/hooks";
import { hrefOf, parseRoute, type Route } from "../router";

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = () => setHash(location.hash);
    window.addEventListener("hashchange", listener);
    listener();
    return () => window.removeEventListener("hashchange", listener);
  }, []);
  return parseRoute(hash);
}

export function go(route: Route) {
  location.hash = hrefOf(route);
}

// Of those that are there the newest shows: a login before the page, then the page again.
const titles: { text: string }[] = [];

function showTitle() {
  const newest = titles[titles.length - 1];
  document.title = newest ? `${newest.text} – Spillway` : "Spillway";
}

export function useTitle(text: string) {
  const own = useRef({ text });
  useEffect(() => {
    titles.push(own.current);
    showTitle();
    return () => {
      titles.splice(titles.indexOf(own.current), 1);
      showTitle();
    };
  }, []);
  useEffect(() => {
    own.current.text = text;
    showTitle();
  }, [text]);
}

// One clock for all times on the page.
const listeners = new Set<() => void>();
let timer: number | undefined;

function tick() {
  for (const listener of [...listeners]) listener();
}

/** The time of this very rendering; there is another one at each tick. */
export function useNow(): number {
  const [, setNow] = useState(Date.now);
  useEffect(() => {
    const listener = () => setNow(Date.now());
    listeners.add(listener);
    timer ??= window.setInterval(tick, 10_000);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      window.clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return Date.now();
}
