// The dialogs that make a token, and show it once.
import { useRef, useState } from "preact/hooks";
import { createKey } from "../api/calls";
import type { NewApiKey } from "../api/types";
import { useAction } from "../hooks/action";
import { useTried } from "../hooks/tried";
import { Button, Failure, Notice } from "../parts/basics";
import { Dialog, Leave } from "../parts/dialog";
import { SelectField, TextField } from "../parts/fields";
import { labelProblem } from "../validate";

const lifetimes = [
  { value: "30d", text: "in 30 days" },
  { value: "90d", text: "in 90 days" },
  { value: "365d", text: "in a year" },
  { value: "", text: "when it is revoked" },
];

export function NewToken(props: { onClose: () => void; onMade: (made: NewApiKey) => void }) {
  const [label, setLabel] = useState("");
  const [expires, setExpires] = useState("90d");
  const { form, tried, refuse } = useTried();
  const create = useAction(async () => props.onMade(await createKey(label.trim(), expires)));
  const problem = labelProblem(label);
  return (
    <Dialog title="Make a token" busy={create.busy} onClose={props.onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (problem) return refuse();
          void create.run();
        }}
      >
        <TextField
          label="What it is for"
          hint="A label by which you know it again, such as laptop or backup."
          value={label}
          onValue={setLabel}
          problem={tried ? problem : undefined}
        />
        <SelectField label="It ends" value={expires} onValue={setExpires} options={lifetimes} />
        {create.error !== undefined && <Failure error={create.error} />}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={create.busy}>
            Make it
          </Button>
          <Leave>Cancel</Leave>
        </div>
      </form>
    </Dialog>
  );
}

export function ShownOnce({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(made.key);
      setCopied(true);
    } catch {
      // Browsers allow it on https and localhost alone: it is selected, to be copied by hand.
      field.current?.select();
      setCopied(false);
    }
  };
  return (
    <Dialog title={`Token ${made.name}`} onClose={onClose}>
      <Notice kind="warning">Copy it now: it is shown this once, and cannot be had again.</Notice>
      <div class="field">
        <label for="new-token">Token</label>
        <input
          ref={field}
          id="new-token"
          class="token-text"
          type="text"
          readOnly
          value={made.key}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      <div class="buttons">
        <Button kind="primary" onClick={() => void copy()}>
          Copy
        </Button>
        <Button onClick={onClose}>I have it</Button>
        <span role="status">
          {copied === true && "Copied."}
          {copied === false && "It is selected: copy it with the keyboard."}
        </span>
      </div>
    </Dialog>
  );
}
