// Except the example tokens in errors.
const SLACK_TOKEN = /\b(xox[a-z]|xapp)[-.](?!your-token\b)[A-Za-z0-9.-]{6,}/g;
const CREDENTIALS = /(\w:\/\/)[^\s/@"]+@/g;

/**
 * Creates a function that removes the given secrets, Slack tokens and the credentials of URLs from a text.
 *
 * @param secrets - the secrets to remove, except secrets of fewer than 6 characters, which would match parts of
 *   ordinary words
 */
export function redactSecrets(secrets: readonly string[]): (text: string) => string {
  // Longest first, so that a secret that starts with another one is replaced completely.
  const known = secrets
    .filter((secret) => secret.length >= 6)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    return clean.replace(SLACK_TOKEN, '[redacted]').replace(CREDENTIALS, '$1[redacted]@');
  };
}
