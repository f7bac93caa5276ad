// What stands below the rows: how the deploy ended, why the stream is not live, which lines are
// chosen, and how much there is.
import { useEffect, useState } from "preact/hooks";
import type { Snapshot } from "../model/controller";
import type { StreamState } from "../stream/stream";
import { Press, Toggle } from "./controls";
import { markedWords, outcomeWords, sizeWords, stateWord, waitWords } from "./words";

export function OutcomeStrip({ now }: { now: Snapshot }) {
  if (!now.outcome) return null;
  const { kind, sign, text } = outcomeWords(now.outcome);
  return (
    <div class={`log-strip log-strip-${kind}`} role="status">
      <span aria-hidden="true">{sign}</span>
      <span class="log-strip-text">{text}</span>
    </div>
  );
}

export function StateStrip({ now, onAgain }: { now: Snapshot; onAgain: () => void }) {
  const { state, outcome } = now;
  if (state.kind === "waiting") {
    return (
      <div class="log-strip log-strip-warning">
        <Waiting state={state} />
        <Press onClick={onAgain}>Now</Press>
      </div>
    );
  }
  // How a deploy ended says more than that its stream did.
  if (state.kind !== "ended" || (outcome && !state.bad)) return null;
  return (
    <div class={`log-strip log-strip-${state.bad ? "danger" : "plain"}`} role="status">
      <span class="log-strip-text">{state.sentence}</span>
      <Press onClick={onAgain}>Connect again</Press>
    </div>
  );
}

function Waiting({ state }: { state: StreamState & { kind: "waiting" } }) {
  const [time, setTime] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setTime(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return <span class="log-strip-text">{waitWords(state.sentence, state.until, time)}</span>;
}

export function ChosenStrip(props: {
  now: Snapshot;
  onCopy: () => void;
  onLink: () => void;
  onClear: () => void;
}) {
  const { chosen } = props.now;
  if (!chosen) return null;
  const { marked } = props.now;
  return (
    <div class="log-strip log-strip-plain">
      <span class="log-strip-text">
        {markedWords(chosen[1] - chosen[0] + 1, marked)}
        <span class="log-wide"> (Shift+click marks up to another one)</span>
      </span>
      <Press disabled={marked === 0} onClick={props.onCopy}>
        {marked === 1 ? "Copy line" : "Copy lines"}
      </Press>
      <Press onClick={props.onLink}>Copy link</Press>
      <Press label="Unmark" onClick={props.onClear}>
        ✕
      </Press>
    </div>
  );
}

export function StatusLine(props: { now: Snapshot; onFollow: (on: boolean) => void }) {
  const { now } = props;
  const { kind, text } = stateWord(now.state);
  return (
    <div class="log-status">
      <span class={`log-state log-state-${kind}`} role="status">
        {text}
      </span>
      <span class="log-size">{sizeWords(now)}</span>
      <Toggle on={now.following} label="Follow the end" onChange={props.onFollow}>
        Follow
      </Toggle>
    </div>
  );
}
