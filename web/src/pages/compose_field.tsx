// A compose file: typed or pasted, dropped, or chosen from the disk.
import { useRef, useState } from "preact/hooks";
import { Button } from "../parts/basics";
import { TextArea } from "../parts/fields";
import { bytes } from "../format/quantities";
import { maxComposeBytes } from "../validate";

interface Props {
  value: string;
  onValue: (value: string) => void;
  problem?: string;
}

export function ComposeField({ value, onValue, problem }: Props) {
  const [over, setOver] = useState(false);
  const [fileProblem, setFileProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);

  const take = async (file: File | undefined | null) => {
    if (!file) return;
    if (file.size > maxComposeBytes) {
      setFileProblem(`${file.name} has ${bytes(file.size)}; a compose file has at most 1 MiB.`);
      return;
    }
    try {
      // Told apart from UTF-8 here: the server would refuse it without saying which file it was.
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      setFileProblem(undefined);
      onValue(text);
    } catch {
      setFileProblem(`${file.name} is no text file in UTF-8.`);
    }
  };

  return (
    <div
      class={over ? "compose-field compose-over" : "compose-field"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <TextArea
        label="Compose file"
        hint="Paste it, or drop a docker-compose.yml here."
        rows={18}
        class="compose-text"
        placeholder={"services:\n  web:\n    image: nginx:1.27\n"}
        value={value}
        onValue={onValue}
        problem={fileProblem ?? problem}
      />
      <input
        ref={input}
        type="file"
        accept=".yml,.yaml"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          // The same file may be chosen again after it was changed.
          event.currentTarget.value = "";
        }}
      />
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
    </div>
  );
}
