import type { Logger } from '@slack-mcp/core';
import { secretsIn } from '../config/secrets.ts';
import { readLogSettings } from '../config/server-settings.ts';
import type { SettingsReader } from '../config/settings-reader.ts';
import { createLogger } from '../logging/create-logger.ts';

/** Creates the logger of a command. The logger never writes the secrets in the command's settings. */
export function startLogger(reader: SettingsReader): Logger {
  const logger = createLogger(readLogSettings(reader), secretsIn(reader.env.source));
  reader.onProblem = (event, fields) => logger.error(fields, event);
  return logger;
}
