import { redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import type { LogSettings } from '../config/server-settings.ts';
import { formatText } from './format-text.ts';

/**
 * The logger of the commands. Always writes to standard error, at once: standard output belongs to the protocol, and
 * nothing may be lost at the end of the process.
 *
 * @param secrets - values that must never appear in a line, whatever logs them
 */
export function createLogger({ level, format }: LogSettings, secrets: readonly string[] = []): Logger {
  const redact = redactSecrets(secrets);
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => (format === 'text' ? formatText(redact(line)) : redact(line)) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
