import type { Env, Logger } from '@slack-mcp/core';
import { readLogSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import { ENV_VARS } from '../config/variables.ts';
import { parseSigningSecret } from '../ingress/signing-secrets.ts';
import { createLogger } from '../logging/create-logger.ts';

/** The logger of a command, which knows what must never appear in it. */
export function startLogger(reader: SettingsReader): Logger {
  return createLogger(readLogSettings(reader), secretsIn(reader.env.source));
}

/** Those of the server, and whatever a backend's variables may hold. */
function secretsIn(env: Env): string[] {
  const own = new Set(ENV_VARS.filter(({ secret }) => secret).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name]) => own.has(name) || /_(PASSWORD|SECRET|TOKEN)$/.test(name))
    .flatMap(([, value]) => (value ?? '').split(',').map((secret) => parseSigningSecret(secret.trim()).secret));
}
