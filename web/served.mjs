// How the page's files are served: by dev.mjs, and by the binary, which has a copy of the policy
// (src/net/routes/dashboard.cpp) and the types from embed.mjs.

export const contentTypes = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

// Everything comes from the server itself. No form goes out by the browser's own hand: each is sent
// by the script, and what is typed into one would otherwise end up in an address.
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
