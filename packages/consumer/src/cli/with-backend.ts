import type { Logger, QueueBackend } from '@slack-mcp/core';
import { createLogger } from './create-logger.ts';
import { openBackend } from './open-backend.ts';
import { type LogFlags, readSettings } from './settings.ts';

/** Opens the backend that the environment names, and closes it after `use`. */
export async function withBackend(
  flags: LogFlags,
  use: (backend: QueueBackend, logger: Logger) => Promise<void>,
): Promise<void> {
  const settings = readSettings(flags, 'warn');
  const logger = createLogger(settings);
  const backend = await openBackend(settings.env, logger);
  try {
    await use(backend, logger);
  } finally {
    await backend.close();
  }
}

/** What `--keys` holds; absent: the backend's configured keys. */
export function splitKeys(keys: string | undefined): { keys?: readonly string[] } {
  if (keys === undefined) return {};
  return { keys: [...new Set(keys.split(',').map((key) => key.trim()))].filter(Boolean) };
}
