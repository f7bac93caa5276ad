// What a screen reader is told: how many lines have come, now and then, not each of them, and what
// was answered to a command.
import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../../format/quantities";
import type { LogController } from "../model/controller";

const interval = 5000;

export function Announcer({ controller, hint }: { controller: LogController; hint: string }) {
  const [text, setText] = useState("");
  const told = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => {
      const { end } = controller.session.store;
      const fresh = end - told.current;
      told.current = end;
      // The same words twice are not read twice: a moment without any makes them new.
      setText(fresh > 0 ? count(fresh, "new line") : "");
    }, interval);
    return () => clearInterval(timer);
  }, [controller]);
  return (
    <div class="log-hidden" role="status" aria-live="polite">
      {hint || text}
    </div>
  );
}
