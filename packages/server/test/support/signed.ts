import { createHmac } from 'node:crypto';

export const SECRET = 'a-signing-secret-of-the-tests';

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The headers that Slack sends with `body`. */
export function signedHeaders(
  body: string | Buffer,
  {
    secret = SECRET,
    seconds = Math.floor(Date.now() / 1000),
    type = JSON_TYPE,
  }: { secret?: string; seconds?: number; type?: string } = {},
): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:`).update(body).digest('hex');
  return {
    'content-type': type,
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `v0=${digest}`,
  };
}

export function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}
