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
    // Nearly all texts have neither, and searching for a word takes a fraction of the time that a pattern takes.
    if (clean.includes('xox') || clean.includes('xapp')) clean = clean.replace(SLACK_TOKEN, '[redacted]');
    return clean.includes('://') ? clean.replace(CREDENTIALS, '$1[redacted]@') : clean;
  };
}
