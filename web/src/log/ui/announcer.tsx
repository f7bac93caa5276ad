// Where a screen reader is told something (announcements.ts).
import { useEffect, useRef, useState } from "preact/hooks";
import type { Snapshot } from "../model/controller";
import { Announcements } from "./announcements";

/** Some things are told when time has passed, and nothing else has changed. */
const interval = 1000;

export function Announcer({ now }: { now: Snapshot }) {
  const [announcements] = useState(() => new Announcements());
  const [text, setText] = useState("");
  const latest = useRef(now);
  latest.current = now;
  const look = () => setText(announcements.next(latest.current, performance.now()));
  useEffect(look, [now]);
  useEffect(() => {
    const timer = setInterval(look, interval);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="log-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
