// But for the examples that errors give.
const SLACK_TOKEN = /\b(xox[a-z]|xapp)[-.](?!your-token\b)[A-Za-z0-9.-]{6,}/g;
const CREDENTIALS = /(\w:\/\/)[^\s/@"]+@/g;

/**
 * Replaces the given secrets, whatever looks like a Slack token, and the credentials in URLs.
 *
 * @param secrets - those below 6 characters are passed over: they would tear ordinary words apart
 */
export function redactSecrets(secrets: readonly string[]): (text: string) => string {
  // Longest first, so that no secret is left half of because another is its beginning.
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
