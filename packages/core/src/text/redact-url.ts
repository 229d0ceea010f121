/**
 * Scheme, host, port and path of a URL, for logs and errors: no credentials, no query, no fragment. What is no URL with
 * a host, or may hold an unescaped password in its path, becomes `(not a URL)`. Never throws.
 */
export function redactUrl(url: string | URL): string {
  try {
    const { protocol, host, pathname, search, hash } = new URL(url);
    // An unescaped "/", "?" or "#" in a password ends the authority too early: its rest stands before an "@".
    if (host === '' || `${pathname}${search}${hash}`.includes('@')) return NOT_A_URL;
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return NOT_A_URL;
  }
}

const NOT_A_URL = '(not a URL)';
