// What is shown of the log, and how. On a small screen all but the search waits behind a button.
import { useState } from "preact/hooks";
import type { Filter } from "../model/filter";
import type { LogSource } from "../source";
import type { Zone } from "../text/time";
import { Choose, Press, Toggle } from "./controls";
import type { Prefs } from "./prefs";

type Kind = LogSource["kind"];

export function Options(props: {
  kind: Kind;
  prefs: Prefs;
  filter: Filter;
  onPrefs: (change: Partial<Prefs>) => void;
  onFilter: (change: Partial<Filter>) => void;
  onCopy: () => void;
  onSave: () => void;
  onHelp: () => void;
}) {
  const { prefs, filter, onPrefs, onFilter } = props;
  const [open, setOpen] = useState(false);
  const active = filter.stream !== "" || filter.level !== "";
  return (
    <>
      <Press class="log-options-button" expanded={open} onClick={() => setOpen(!open)}>
        {active ? "Options •" : "Options"}
      </Press>
      <div class={open ? "log-options log-options-open" : "log-options"}>
        {props.kind === "container" && (
          <Choose
            label="Output"
            value={filter.stream}
            options={[
              ["", "All output"],
              ["stdout", "stdout only"],
              ["stderr", "stderr only"],
            ]}
            onChange={(stream) => onFilter({ stream })}
          />
        )}
        <Choose
          label="Level"
          value={filter.level}
          options={[
            ["", "All levels"],
            ["error", "Errors"],
            ["warn", "Warnings and worse"],
            ["info", "Info and worse"],
            ["debug", "All with a level"],
          ]}
          onChange={(level) => onFilter({ level })}
        />
        <Choose<Zone>
          label="Times"
          value={prefs.zone}
          options={[
            ["off", "No times"],
            ["local", "Local time"],
            ["utc", "UTC"],
          ]}
          onChange={(zone) => onPrefs({ zone })}
        />
        <Toggle on={prefs.wrap} label="Wrap long lines" onChange={(wrap) => onPrefs({ wrap })}>
          Wrap
        </Toggle>
        <Press label="Copy all lines that are shown" onClick={props.onCopy}>
          Copy
        </Press>
        <Press label="Download all lines that are shown" onClick={props.onSave}>
          Download
        </Press>
        <Press label="Keys" onClick={props.onHelp}>
          ?
        </Press>
      </div>
    </>
  );
}
