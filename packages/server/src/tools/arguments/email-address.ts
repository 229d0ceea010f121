/** Matches an email address, also in the link format in which Slack writes addresses. */
const EMAIL = /^<?(?:mailto:)?([^\s@<>|:]+@[^\s@<>|]+\.[^\s@<>|.]+)(?:\|[^>]*)?>?$/i;

/**
 * Returns the email address if a text consists only of an address, which may be a link in Slack's format. Returns
 * undefined for other texts.
 */
export function emailIn(text: string): string | undefined {
  return EMAIL.exec(text.trim())?.[1];
}
