// The keys of the log view, in a dialog.
import { Dialog } from "../../parts/dialog";
import { keys } from "./keys";

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" class="log-help" onClose={onClose}>
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
    </Dialog>
  );
}
