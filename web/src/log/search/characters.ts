// Characters and sets of them, as code points.

/** Whether a character, as its code point, is one of a set. */
export type CharacterTest = (code: number) => boolean;

/** A set of one. */
export function only(code: number): { accepts: CharacterTest; code: number } {
  return { accepts: (other) => other === code, code };
}

export function lower(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  return single(String.fromCodePoint(code).toLowerCase()) ?? code;
}

export function upper(code: number): number {
  if (code < 128) return code >= 97 && code <= 122 ? code - 32 : code;
  return single(String.fromCodePoint(code).toUpperCase()) ?? code;
}

/** The code point of a text that is one character. */
function single(text: string): number | undefined {
  const code = text.codePointAt(0)!;
  return text.length === (code > 0xffff ? 2 : 1) ? code : undefined;
}

export const isWord: CharacterTest = (code) =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95;

export const sets: Record<string, CharacterTest> = {
  d: (code) => code >= 48 && code <= 57,
  w: isWord,
  s: (code) =>
    code === 32 ||
    (code >= 9 && code <= 13) ||
    (code > 127 && /\s/.test(String.fromCodePoint(code))),
};
export const controls: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
