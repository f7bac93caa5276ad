// Short sentences about what was just done, also for screen readers.
import { useEffect, useState } from "preact/hooks";

const shownFor = 6000;
let show: (text: string) => void = () => {};

export function announce(text: string) {
  show(text);
}

export function Toasts() {
  const [toasts, setToasts] = useState<{ id: number; text: string }[]>([]);
  useEffect(() => {
    let newest = 0;
    show = (text) => {
      const id = ++newest;
      setToasts((before) => [...before.slice(-2), { id, text }]);
      window.setTimeout(() => setToasts((now) => now.filter((toast) => toast.id !== id)), shownFor);
    };
    return () => {
      show = () => {};
    };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <p key={toast.id} class="toast">
          {toast.text}
        </p>
      ))}
    </div>
  );
}
