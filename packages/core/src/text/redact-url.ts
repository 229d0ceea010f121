/**
 * Returns the scheme, host, port and path of a URL for logs and errors, without credentials, query and fragment.
 * Returns `(not a URL)` if the URL has no host, or if its path may contain an unescaped password. Never throws.
 */
export function redactUrl(url: string | URL): string {
  try {
    const { protocol, host, pathname, search, hash } = new URL(url);
    // An unescaped "/", "?" or "#" in a password ends the authority early: the rest of the password precedes an "@".
    if (host === '' || `${pathname}${search}${hash}`.includes('@')) return NOT_A_URL;
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return NOT_A_URL;
  }
}

const NOT_A_URL = '(not a URL)';
