import type { Logger } from '@slack-mcp/core';
import { secretsIn } from '../config/secrets.ts';
import { readLogSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import { createLogger } from '../logging/create-logger.ts';

/**
 * Creates the logger of a command, which never writes the secrets in the command's settings. Warns about variables that
 * the server does not know.
 */
export function startLogger(reader: SettingsReader): Logger {
  const logger = createLogger(readLogSettings(reader), secretsIn(reader.env.source));
  reader.onProblem = (event, fields) => logger.error(fields, event);
  for (const name of reader.unknown) logger.warn({ name }, 'unknown_variable');
  return logger;
}
