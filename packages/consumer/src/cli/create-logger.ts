import { formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import type { Settings } from './settings.ts';

/** Maximum number of characters to keep while they cannot be written, for example because the disk is full. */
const MAX_UNWRITTEN = 2 ** 20;

/**
 * Creates the command's logger, which writes to standard error synchronously so that no line is lost at the end of the
 * process. If the disk is full, the logger keeps lines for later, up to a limit, and drops further lines.
 */
export function createLogger({ logLevel, logFormat, secrets }: Settings): Logger {
  const redact = redactSecrets(secrets);
  const standardError = pino.destination({ dest: 2, sync: true, maxLength: MAX_UNWRITTEN });
  // A full disk must not end the process.
  standardError.on('error', () => {});
  return pino(
    {
      level: logLevel,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => (logFormat === 'text' ? formatText(redact(line)) : redact(line)) },
    },
    standardError,
  );
}
