// Shows a resource in each of its states: still loading, failed, there, there but out of date.
import type { ComponentChildren } from "preact";
import { sentenceOf } from "../api/errors";
import type { Resource } from "../hooks/resource";
import { Button, Failure, Notice } from "./basics";

export function Loaded<T>(props: {
  of: Resource<T>;
  /** What is being loaded, for the line that says so. */
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  const { data, error, reload } = props.of;
  if (data === undefined) {
    if (error !== undefined) return <Failure error={error} retry={reload} />;
    return (
      <p class="loading" role="status">
        Loading {props.what}…
      </p>
    );
  }
  return (
    <>
      {error !== undefined && (
        <Notice kind="warning" action={<Button onClick={reload}>Try again</Button>}>
          What you see may be out of date. {sentenceOf(error)}
        </Notice>
      )}
      {props.children(data)}
    </>
  );
}
