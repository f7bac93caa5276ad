// Which rows are shown.
import type { Row } from "../row";
import type { Pattern } from "../search/pattern";
import { shownText } from "../text/ansi";
import { type Level, levels } from "../text/level";

export interface Filter {
  stream: "" | "stdout" | "stderr";
  /** This level and worse ones; lines that say none are left out. */
  level: Level | "";
  /** Only lines that the search finds. */
  onlyMatches: boolean;
}

export const noFilter: Filter = { stream: "", level: "", onlyMatches: false };

/** Undefined where every row is shown. */
export function filterOf(
  { stream, level, onlyMatches }: Filter,
  pattern: Pattern | undefined,
): ((row: Row) => boolean) | undefined {
  const searched = onlyMatches ? pattern : undefined;
  if (!stream && !level && !searched) return undefined;
  const wanted = level ? new Set<string>(levels.slice(0, levels.indexOf(level) + 1)) : undefined;
  return (row) =>
    // What is missing is told whatever is looked for.
    row.kind !== "line" ||
    ((!stream || row.stream === stream) &&
      (!wanted || wanted.has(row.level)) &&
      (!searched || searched.test(shownText(row.text))));
}
