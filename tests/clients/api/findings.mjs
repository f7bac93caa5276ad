// What was found wrong. The checker goes on, to name all of it.

export const findings = [];

export function complain(what) {
  findings.push(what);
  console.log(`PROBLEM ${what}`);
}

/** Complains unless `holds`, and returns it. */
export function expect(holds, what) {
  if (!holds) complain(what);
  return holds;
}

/** A text short enough for a line. */
export function brief(value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
