import { formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import type { Settings } from './settings.ts';

/**
 * Creates the command's logger, which writes to standard error synchronously so that no line is lost at the end of the
 * process.
 */
export function createLogger({ logLevel, logFormat, secrets }: Settings): Logger {
  const redact = redactSecrets(secrets);
  return pino(
    {
      level: logLevel,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => (logFormat === 'text' ? formatText(redact(line)) : redact(line)) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
