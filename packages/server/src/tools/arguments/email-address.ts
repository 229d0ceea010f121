/** Slack writes addresses as links. */
const EMAIL = /^<?(?:mailto:)?([^\s@<>|:]+@[^\s@<>|]+\.[^\s@<>|.]+)(?:\|[^>]*)?>?$/i;

/** The email address that a text consists of, also as a link in Slack's format. Undefined for other texts. */
export function emailIn(text: string): string | undefined {
  return EMAIL.exec(text.trim())?.[1];
}
