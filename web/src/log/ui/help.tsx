// The keys of the log view, in a dialog.
import { useEffect, useRef } from "preact/hooks";
import { Press } from "./controls";
import { keys } from "./keys";

export function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="log-help" aria-labelledby="log-help-title" onClose={onClose}>
      <div class="log-help-head">
        <h2 id="log-help-title">Keys</h2>
        <Press label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </Press>
      </div>
      <dl>
        {keys.map(({ keys: names, does, command }) => (
          <div key={command}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name === "Escape" ? "Esc" : name}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>↑</kbd> <kbd>↓</kbd> <kbd>PgUp</kbd> <kbd>PgDn</kbd>
          </dt>
          <dd>Scroll, while the lines have the focus</dd>
        </div>
      </dl>
    </dialog>
  );
}
