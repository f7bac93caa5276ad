// Text to base64 and back, by its UTF-8 bytes.

export function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  // In pieces: as arguments of one call a large file would overflow the stack.
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function fromBase64(base64: string): string {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return new TextDecoder().decode(bytes);
}
