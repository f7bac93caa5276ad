// The small controls of the log view.
import type { ComponentChildren } from "preact";

/** A button that is on or off. */
export function Toggle(props: {
  on: boolean;
  label: string;
  children: ComponentChildren;
  onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      class="log-button"
      aria-pressed={props.on}
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onChange(!props.on)}
    >
      {props.children}
    </button>
  );
}

export function Press(props: {
  label?: string;
  class?: string;
  disabled?: boolean;
  expanded?: boolean;
  children: ComponentChildren;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={`log-button ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      aria-expanded={props.expanded}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

export function Choose<T extends string>(props: {
  label: string;
  value: T;
  options: [value: T, text: string][];
  onChange: (value: T) => void;
}) {
  return (
    <select
      class="log-select"
      aria-label={props.label}
      title={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value as T)}
    >
      {props.options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
