// What the style sheet makes of a line: how high it is, and how many characters fit beside each
// other. Needed to guess how high a row is that was never laid out.

export interface Metrics {
  /** The height of a row of one line. */
  row: number;
  /** How many characters fit in a wrapped line. */
  columns: number;
}

const sample = 50;

export function measure(scroller: HTMLElement, gutter: number): Metrics {
  const row = document.createElement("div");
  row.className = "log-row log-line log-sample";
  const text = document.createElement("span");
  text.className = "log-text";
  text.textContent = "M".repeat(sample);
  row.append(text);
  scroller.append(row);
  const width = text.getBoundingClientRect().width / sample;
  const height = row.getBoundingClientRect().height;
  row.remove();
  const room = scroller.clientWidth - gutter;
  return {
    row: height || 20,
    columns: Math.max(10, Math.floor(room / (width || 8))),
  };
}

/** How high a row probably is. */
export function estimate(characters: number, wrapped: boolean, { row, columns }: Metrics): number {
  return wrapped ? row * Math.max(1, Math.ceil(characters / columns)) : row;
}
