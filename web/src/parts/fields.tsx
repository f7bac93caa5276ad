// Labelled fields; what is wrong with one is tied to it, and read out with it.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  problem?: string;
}

/** The attributes that tie a control to its hint and its problem. */
function ties(id: string, { hint, problem }: FieldProps) {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return {
    id,
    "aria-describedby": described === "" ? undefined : described,
    "aria-invalid": problem ? ("true" as const) : undefined,
  };
}

function Frame({ id, label, hint, problem, children }: FieldProps & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

type InputProps = FieldProps & {
  value: string;
  onValue: (value: string) => void;
} & Omit<JSX.IntrinsicElements["input"], "value" | "label">;

export function TextField({ label, hint, problem, value, onValue, ...rest }: InputProps) {
  const id = useId();
  const frame = { label, hint, problem };
  return (
    <Frame id={id} {...frame}>
      <input
        type="text"
        autoComplete="off"
        {...rest}
        {...ties(id, frame)}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

type SelectProps = FieldProps & {
  value: string;
  onValue: (value: string) => void;
  options: { value: string; text: string }[];
  disabled?: boolean;
};

export function SelectField({ label, hint, problem, value, onValue, options, disabled }: SelectProps) {
  const id = useId();
  const frame = { label, hint, problem };
  return (
    <Frame id={id} {...frame}>
      <select
        {...ties(id, frame)}
        value={value}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

type AreaProps = FieldProps & {
  value: string;
  onValue: (value: string) => void;
} & Omit<JSX.IntrinsicElements["textarea"], "value" | "label">;

export function TextArea({ label, hint, problem, value, onValue, ...rest }: AreaProps) {
  const id = useId();
  const frame = { label, hint, problem };
  return (
    <Frame id={id} {...frame}>
      <textarea
        spellcheck={false}
        {...rest}
        {...ties(id, frame)}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export function CheckField(props: {
  label: ComponentChildren;
  hint?: string;
  checked: boolean;
  onValue: (checked: boolean) => void;
  /** What was chosen is under way: till then it stays as it is, and keeps the focus if it has it. */
  busy?: boolean;
}) {
  const id = useId();
  return (
    <div class="field-check">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        aria-busy={props.busy ? "true" : undefined}
        aria-disabled={props.busy ? "true" : undefined}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onClick={(event) => {
          if (props.busy) event.preventDefault();
        }}
        onChange={(event) => props.onValue(event.currentTarget.checked)}
      />
      <label for={id}>{props.label}</label>
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}
