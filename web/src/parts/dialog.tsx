// Modal dialogs: the browser's own, which keep the focus inside and give it back.
import { createContext, type ComponentChildren } from "preact";
import { useContext, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Action } from "../hooks/action";
import { useTried } from "../hooks/tried";
import { useSession } from "../session/session";
import { Button, Failure } from "./basics";
import { TextField } from "./fields";

interface DialogProps {
  title: string;
  /** Something is under way: until its outcome is known the dialog stays, for there it is told. */
  busy?: boolean;
  /** For who styles its content. */
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}

const Around = createContext({ busy: false, close: () => {} });

export function Dialog(props: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  const busy = props.busy ?? false;
  const close = () => {
    if (!busy) props.onClose();
  };
  // Behind a login a modal dialog would keep the login itself from being used.
  const shown = useSession().state === "signed-in";
  // In the layout's effect: a login takes the focus right after, which an open dialog would refuse.
  useLayoutEffect(() => {
    if (!shown) return;
    const dialog = element.current!;
    show(dialog);
    // Not only taken away: a dialog that closes gives the focus back to where it came from.
    return () => dialog.close();
  }, [shown]);
  return (
    <dialog
      ref={element}
      class={props.class}
      aria-labelledby={title}
      onCancel={(event) => {
        // It is taken away by who opened it.
        event.preventDefault();
        close();
      }}
      onClose={() => {
        // It comes late: of one that was taken away by its owner, or hidden, nobody need be told.
        if (!shown || !element.current || element.current.open) return;
        // A second Escape closes it whatever the page says.
        if (busy) show(element.current);
        else props.onClose();
      }}
    >
      <Around.Provider value={{ busy, close }}>
        <div class="dialog-head">
          <h2 id={title}>{props.title}</h2>
          <button
            type="button"
            class="dialog-close"
            aria-label="Close"
            aria-disabled={busy ? "true" : undefined}
            onClick={close}
          >
            ×
          </button>
        </div>
        {props.children}
      </Around.Provider>
    </dialog>
  );
}

/** By itself the focus would begin on the way out. */
function show(dialog: HTMLDialogElement) {
  dialog.showModal();
  dialog.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

/** The button that leaves the dialog around it with nothing done. */
export function Leave(props: { children: ComponentChildren }) {
  const { busy, close } = useContext(Around);
  return (
    <Button onClick={close} aria-disabled={busy ? "true" : undefined}>
      {props.children}
    </Button>
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
  const { form, tried, refuse } = useTried();
  const problem =
    props.typed !== undefined && text !== props.typed ? `Type ${props.typed} to go on.` : undefined;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (problem) return refuse();
    if (await action.run()) props.onDone();
  };
  return (
    <Dialog title={props.title} busy={action.busy} onClose={props.onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        {props.children}
        {props.typed !== undefined && (
          <TextField
            label={`Type ${props.typed} to confirm`}
            value={text}
            onValue={setText}
            problem={tried ? problem : undefined}
            autoCapitalize="none"
            spellcheck={false}
          />
        )}
        {action.error !== undefined && <Failure error={action.error} />}
        <div class="buttons">
          <Button type="submit" kind={props.danger ? "danger" : "primary"} busy={action.busy}>
            {props.verb}
          </Button>
          <Leave>Keep as it is</Leave>
        </div>
      </form>
    </Dialog>
  );
}
