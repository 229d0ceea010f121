import type { Env } from '@slack-mcp/core';
import { parseSigningSecret } from '@slack-mcp/slack';
import { parseAuthKey } from '../access/auth-key.ts';
import { ENV_VARS } from './variables.ts';

/** Characters below which a secret can be guessed, or is none. */
export const MIN_SECRET_LENGTH = 16;

/** What must never be shown: the secrets of the server, and whatever a backend's variables may hold. */
export function secretsIn(env: Env): string[] {
  const own = new Set(ENV_VARS.filter(({ secret }) => secret).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name]) => own.has(name) || /_(PASSWORD|SECRET|TOKEN)(_|$)/.test(name))
    .flatMap(([, value]) => (value ?? '').split(',').map((text) => withoutName(text.trim())));
}

/** Of `A0123=secret` and of `name:read=token`, what is secret. */
function withoutName(text: string): string {
  const key = parseAuthKey(text);
  return typeof key === 'object' ? key.token : parseSigningSecret(text).secret;
}
