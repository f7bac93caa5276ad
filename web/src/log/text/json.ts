// Lines that are JSON objects, spread out for reading. The text is only moved apart, never written
// anew: numbers that no float holds, repeated keys and escapes stay as the program wrote them.

/** Whether it may be worth parsing: cheap enough for every line in view. */
export function looksLikeJson(line: string): boolean {
  return /^\s*\{/.test(line) && /\}\s*$/.test(line.slice(-64));
}

/** A longer line is not parsed just to know. */
const longest = 1024 * 1024;

export function isJsonObject(line: string): boolean {
  if (line.length > longest || !looksLikeJson(line)) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** What is nested deeper is not indented further: it would be mostly blanks. */
const deepest = 40;

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** The lines of a JSON text that parses, each level two spaces further in. */
export function spread(json: string, indent = "  "): string[] {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const newLine = () => {
    lines.push(line);
    line = indent.repeat(Math.min(depth, deepest));
  };
  const tokens = json.match(token) ?? [];
  for (let i = 0; i < tokens.length; i++) {
    const text = tokens[i]!;
    if (text === "{" || text === "[") {
      const next = tokens[i + 1];
      if (next === "}" || next === "]") {
        line += text + next;
        i++;
        continue;
      }
      line += text;
      depth++;
      newLine();
    } else if (text === "}" || text === "]") {
      depth--;
      newLine();
      line += text;
    } else if (text === ",") {
      line += text;
      newLine();
    } else {
      line += text === ":" ? ": " : text;
    }
  }
  lines.push(line);
  return lines;
}
