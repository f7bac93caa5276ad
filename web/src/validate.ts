// What the server would refuse, said before it is asked. Each returns a sentence, or nothing.
import { bytes } from "./format/quantities";

export const maxComposeBytes = 1 << 20;
const minPasswordLength = 8;
const maxPasswordBytes = 1024;
const maxLabelBytes = 100;

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

export function appNameProblem(name: string): string | undefined {
  if (name === "") return "Give the app a name.";
  if (name.length > 63) return "A name has at most 63 characters.";
  if (!/^[a-zA-Z0-9]/.test(name)) return "A name begins with a letter or a digit.";
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    return "A name has letters, digits, dots, underscores and hyphens only.";
  return undefined;
}

/** What the server's own check does not need compose for; it and compose look closer. */
export function composeProblem(text: string): string | undefined {
  if (text.trim() === "") return "Paste a compose file, or drop one here.";
  if (text.includes("\0")) return "This is no text file.";
  const length = utf8Length(text);
  if (length > maxComposeBytes)
    return `A compose file has at most ${bytes(maxComposeBytes)}, this one has ${bytes(length)}.`;
  if (!/^\s*["']?services["']?\s*:/m.test(text) && !/[{,]\s*["']?services["']?\s*:/.test(text))
    return "A compose file has a map called services.";
  return undefined;
}

export function usernameProblem(name: string): string | undefined {
  if (name === "") return "Give a user name.";
  if (name.length > 64) return "A user name has at most 64 characters.";
  if (!/^[A-Za-z0-9._@-]+$/.test(name))
    return "A user name has letters, digits, dots, underscores, hyphens and @ only.";
  return undefined;
}

export function newPasswordProblem(password: string): string | undefined {
  if ([...password].length < minPasswordLength)
    return `A password has at least ${minPasswordLength} characters.`;
  if (utf8Length(password) > maxPasswordBytes)
    return `A password has at most ${maxPasswordBytes} bytes.`;
  return undefined;
}

export function labelProblem(label: string): string | undefined {
  if (label.trim() === "") return "Say what the token is for.";
  if (utf8Length(label) > maxLabelBytes) return `A label has at most ${maxLabelBytes} bytes.`;
  if (/[\u0000-\u001f\u007f]/.test(label)) return "A label has no control characters.";
  return undefined;
}

export function scaleProblem(text: string): string | undefined {
  if (!/^\d{1,4}$/.test(text.trim()) || Number(text) > 1000) return "A number from 0 to 1000.";
  return undefined;
}
