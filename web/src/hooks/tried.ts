// A form that was sent off too early.
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

/** What is wrong is tied to its field, and a screen reader reads it with the field. */
export function focusFirstProblem(form: ParentNode | null) {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

/**
 * `tried` from the first submit on that was refused: not before are problems told. At each `refuse`
 * the first field that has one gets the focus.
 */
export function useTried() {
  const form = useRef<HTMLFormElement>(null);
  const [times, setTimes] = useState(0);
  useLayoutEffect(() => {
    if (times > 0) focusFirstProblem(form.current);
  }, [times]);
  const refuse = useCallback(() => setTimes((before) => before + 1), []);
  const forget = useCallback(() => setTimes(0), []);
  return { form, tried: times > 0, refuse, forget };
}
