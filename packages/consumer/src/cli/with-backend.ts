import { ConfigurationError, type Env, type Logger, type QueueBackend } from '@slack-mcp/core';
import { createLogger } from './create-logger.ts';
import { openBackend } from './open-backend.ts';
import { type LogFlags, readSettings } from './settings.ts';

/** Opens the backend from the environment and closes it after `use`. */
export async function withBackend(
  flags: LogFlags,
  use: (backend: QueueBackend, logger: Logger, env: Env) => Promise<void>,
): Promise<void> {
  const settings = readSettings(flags, 'warn');
  const logger = createLogger(settings);
  const backend = await openBackend(settings.env, logger);
  try {
    await use(backend, logger, settings.env);
  } finally {
    await backend.close();
  }
}

/**
 * Splits the value of `--keys` into keys. Without a value, returns no keys, and the backend uses its configured keys.
 *
 * @throws ConfigurationError - `--keys` contains no key
 */
export function splitKeys(keys: string | undefined): { keys?: readonly string[] } {
  if (keys === undefined) return {};
  const listed = [...new Set(keys.split(',').map((key) => key.trim()))].filter(Boolean);
  if (listed.length > 0) return { keys: listed };
  throw new ConfigurationError('--keys is empty: give at least one key (for example --keys slack_events)');
}
