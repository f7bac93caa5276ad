// Modal dialogs: the browser's own, which keep the focus inside and give it back.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Action } from "../hooks/action";
import { useSession } from "../session/session";
import { Button, Failure } from "./basics";
import { TextField } from "./fields";

export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  // Behind a login a modal dialog would keep the login itself from being used.
  const shown = useSession().state === "signed-in";
  useEffect(() => {
    const dialog = element.current!;
    if (shown && !dialog.open) dialog.showModal();
    if (!shown && dialog.open) dialog.close();
  }, [shown]);
  return (
    <dialog
      ref={element}
      aria-labelledby={title}
      onCancel={(event) => {
        // It is taken away by who opened it.
        event.preventDefault();
        props.onClose();
      }}
      onClose={() => {
        // A second Escape closes it whatever the page says.
        if (shown) props.onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={title}>{props.title}</h2>
        <button type="button" class="dialog-close" aria-label="Close" onClick={props.onClose}>
          ×
        </button>
      </div>
      {props.children}
    </dialog>
  );
}

/** Asks before `action` runs; with `typed`, that word has to be typed first. */
export function Confirm(props: {
  title: string;
  verb: string;
  action: Action<[]>;
  onDone: () => void;
  onClose: () => void;
  typed?: string;
  danger?: boolean;
  children: ComponentChildren;
}) {
  const { action } = props;
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (props.typed !== undefined && text !== props.typed) {
      setProblem(`Type ${props.typed} to go on.`);
      return;
    }
    setProblem(undefined);
    if (await action.run()) props.onDone();
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form onSubmit={submit} noValidate>
        {props.children}
        {props.typed !== undefined && (
          <TextField
            label={`Type ${props.typed} to confirm`}
            value={text}
            onValue={setText}
            problem={problem}
            autoCapitalize="none"
            spellcheck={false}
          />
        )}
        {action.error !== undefined && <Failure error={action.error} />}
        <div class="buttons">
          <Button type="submit" kind={props.danger ? "danger" : "primary"} busy={action.busy}>
            {props.verb}
          </Button>
          <Button onClick={props.onClose}>Keep as it is</Button>
        </div>
      </form>
    </Dialog>
  );
}
