// The small parts of every page: headings, notices, badges, times, buttons.
import type { ComponentChildren, JSX } from "preact";
import { sentenceOf } from "../api/errors";
import { absolute, parseTime, relative } from "../format/times";
import { useNow } from "../hooks/page";
import { badgeOf } from "./badge_of";

export function Heading(props: { children: ComponentChildren; aside?: ComponentChildren }) {
  return (
    <div class="heading">
      {/* Takes the focus when one comes from another page, so that a screen reader begins here. */}
      <h1 tabIndex={-1}>{props.children}</h1>
      {props.aside && <div class="heading-aside">{props.aside}</div>}
    </div>
  );
}

type Kind = "info" | "warning" | "danger";

export function Notice(props: {
  kind?: Kind;
  children: ComponentChildren;
  action?: ComponentChildren;
}) {
  const kind = props.kind ?? "info";
  return (
    <div class={`notice notice-${kind}`} role={kind === "danger" ? "alert" : "status"}>
      <p>{props.children}</p>
      {props.action}
    </div>
  );
}

/** Why a request failed, with a way to try again where there is one. */
export function Failure(props: { error: unknown; retry?: () => void }) {
  const retry = props.retry && <Button onClick={props.retry}>Try again</Button>;
  return (
    <Notice kind="danger" action={retry}>
      {sentenceOf(props.error)}
    </Notice>
  );
}

/** A state in words, with a sign and a colour that say the same. */
export function Badge(props: { state: string; text?: string }) {
  const { kind, sign } = badgeOf(props.state);
  return (
    <span class={`badge badge-${kind}`}>
      <span class="badge-sign" aria-hidden="true">
        {sign}
      </span>
      {props.text ?? props.state}
    </span>
  );
}

export function Time(props: { at: string | null | undefined; none?: string }) {
  const now = useNow();
  const time = parseTime(props.at);
  if (time === undefined) return <span class="dim">{props.none ?? "–"}</span>;
  return (
    <time dateTime={props.at!} title={absolute(time)}>
      {relative(time, now)}
    </time>
  );
}

type ButtonProps = Omit<JSX.HTMLAttributes<HTMLButtonElement>, "type"> & {
  kind?: "primary" | "danger" | "plain" | "quiet";
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
};

export function Button({ kind = "plain", busy, disabled, type = "button", children, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={`button button-${kind}`}
      // A busy button keeps the focus: a disabled one would throw it away.
      disabled={disabled}
      aria-busy={busy ? "true" : undefined}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}
