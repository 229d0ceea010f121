import { escapeControls, formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';
import type { LogSettings } from './log-settings.ts';
import { createTimestamp } from './timestamp.ts';

/**
 * The logger of the commands. Always writes to standard error: standard output belongs to the protocol. What one turn
 * of the event loop logs is written at its end, `fatal` at once, and the process ends only after all of it is.
 *
 * @param secrets - values that must never appear in a line, whatever logs them
 */
export function createLogger({ level, format }: LogSettings, secrets: readonly string[] = []): Logger {
  const redact = redactSecrets(secrets);
  const standardError = pino.destination({ dest: 2, sync: true });
  const present = format === 'text' ? (lines: string) => lines.replace(/.+\n/g, formatText) : escapeControls;
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: createTimestamp(),
      formatters: { level: (label) => ({ level: label }) },
    },
    gatherLines((lines) => standardError.write(present(redact(lines)))),
  );
}
