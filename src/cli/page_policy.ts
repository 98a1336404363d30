/** What a browser may do with the lab's page: the server sends it, and the build writes it into the page for other hosts. */

const DIRECTIVES = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/** The Content-Security-Policy of the page's own `<meta>` tag. */
export const PAGE_POLICY = DIRECTIVES.join('; ');

/** The same as a header, with what browsers ignore in a `<meta>` tag. */
export const HEADER_POLICY = [...DIRECTIVES, "frame-ancestors 'none'"].join('; ');
