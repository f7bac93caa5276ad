// The scrolled area that the rows are drawn in (view/log_list.ts), and what happens in it.
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { LogController, Snapshot } from "../model/controller";

export function Rows(props: {
  controller: LogController;
  scroller: RefObject<HTMLDivElement>;
  title: string;
  now: Snapshot;
}) {
  const { controller, scroller, now } = props;

  useEffect(() => {
    const element = scroller.current!;
    controller.attach(element);
    const resize = new ResizeObserver(() => controller.resized());
    resize.observe(element);
    const seen = () => controller.touch();
    const online = () => controller.session.networkChanged();
    document.addEventListener("visibilitychange", seen);
    document.addEventListener("selectionchange", seen);
    window.addEventListener("online", online);
    return () => {
      resize.disconnect();
      document.removeEventListener("visibilitychange", seen);
      document.removeEventListener("selectionchange", seen);
      window.removeEventListener("online", online);
      controller.detach();
    };
  }, [controller]);

  const clicked = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    const number = controller.numberOf(event.target);
    if (number === undefined) return;
    const what = event.target.closest<HTMLElement>("[data-do]")?.dataset["do"];
    if (what === "fold") controller.toggleSpread(number);
    else if (what === "more") controller.toggleMore(number);
    else if (what === "mark" || isTouch(event)) controller.mark(number, event.shiftKey);
  };

  return (
    <>
      <div
        ref={scroller}
        class="log-scroller"
        // Lines are not read out one by one, at any rate they come: the announcer tells how many.
        role="log"
        aria-live="off"
        aria-label={props.title}
        tabIndex={0}
        onScroll={() => controller.scrolled()}
        onClick={clicked}
      />
      {/* Beside the rows, not among them: those are not Preact's. */}
      {now.rows === 0 && <p class="log-nothing">{nothing(now)}</p>}
      {now.rows > 0 && now.filtered === 0 && !now.filtering && (
        <p class="log-nothing">No line passes the filter.</p>
      )}
    </>
  );
}

/** A finger has no room for the narrow bar before the line: it marks with the whole line. */
function isTouch(event: MouseEvent): boolean {
  const { pointerType } = event as PointerEvent;
  return pointerType === "touch" && document.getSelection()?.isCollapsed !== false;
}

function nothing({ state }: Snapshot): string {
  switch (state.kind) {
    case "connecting":
      return "Connecting…";
    case "live":
      return "Nothing has been written yet.";
    default:
      return "No lines.";
  }
}
