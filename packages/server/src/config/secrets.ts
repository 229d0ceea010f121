import type { Env } from '@slack-mcp/core';
import { parseSigningSecret } from '@slack-mcp/slack';
import { parseAuthKey } from '../access/auth-key.ts';
import { ENV_VARS } from './variables.ts';

/** Minimum length of a secret. Shorter values are easy to guess, or are not secrets. */
export const MIN_SECRET_LENGTH = 16;

/** Returns the values that must never be shown: the secrets in the variables of the server and of all backends. */
export function secretsIn(env: Env): string[] {
  const own = new Set(ENV_VARS.filter(({ secret }) => secret).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name]) => own.has(name) || /_(PASSWORD|SECRET|TOKEN)(_|$)/.test(name))
    .flatMap(([, value]) => (value ?? '').split(',').map((text) => withoutName(text.trim())));
}

/** Returns only the secret of an entry such as `A0123=secret`, `name:read=token` or `name:operate=key`. */
function withoutName(text: string): string {
  const operator = /^[\w.-]+:operate=(.+)$/s.exec(text)?.[1];
  if (operator !== undefined) return operator;
  const key = parseAuthKey(text);
  return typeof key === 'object' ? key.token : parseSigningSecret(text).secret;
}
