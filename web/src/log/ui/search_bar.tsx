// The search field, what it found, and the way from match to match.
import type { Ref } from "preact";
import type { SearchState } from "../model/selection";
import { Press, Toggle } from "./controls";
import type { Prefs } from "./prefs";
import { foundWords } from "./words";

export function SearchBar(props: {
  field: Ref<HTMLInputElement>;
  text: string;
  prefs: Prefs;
  onlyMatches: boolean;
  state: SearchState | undefined;
  onText: (text: string) => void;
  onPrefs: (change: Partial<Prefs>) => void;
  onOnlyMatches: (on: boolean) => void;
  onStep: (direction: 1 | -1) => void;
  onLeave: () => void;
}) {
  const { state, prefs, onPrefs } = props;
  const problem = state && "problem" in state ? state.problem : "";
  const none = !state || "problem" in state || state.count === 0;
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") props.onStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") props.onLeave();
    else return;
    event.preventDefault();
  };
  return (
    <div class="log-search" role="search">
      <span class="log-field">
        <input
          ref={props.field}
          type="text"
          class="log-input"
          placeholder="Search"
          aria-label="Search in this log"
          aria-invalid={problem !== ""}
          aria-describedby="log-found"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={props.text}
          onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={keyDown}
        />
        <Toggle
          on={prefs.matchCase}
          label="Match case"
          onChange={(matchCase) => onPrefs({ matchCase })}
        >
          Aa
        </Toggle>
        <Toggle
          on={prefs.regex}
          label="Regular expression"
          onChange={(regex) => onPrefs({ regex })}
        >
          .*
        </Toggle>
      </span>
      <span id="log-found" class={problem ? "log-found log-problem" : "log-found"}>
        {foundWords(state)}
      </span>
      {props.text !== "" && (
        <>
          <Press label="Previous match" disabled={none} onClick={() => props.onStep(-1)}>
            ↑
          </Press>
          <Press label="Next match" disabled={none} onClick={() => props.onStep(1)}>
            ↓
          </Press>
          <Toggle
            on={props.onlyMatches}
            label="Show only lines that match"
            onChange={props.onOnlyMatches}
          >
            Only matches
          </Toggle>
        </>
      )}
    </div>
  );
}
