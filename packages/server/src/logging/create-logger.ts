import { escapeControls, formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';
import type { LogSettings } from './log-settings.ts';
import { createTimestamp } from './timestamp.ts';

/**
 * Creates the logger of the commands. The logger always writes to standard error, because standard output is reserved
 * for MCP messages. The log lines of one turn of the event loop are written together at the end of the turn; a `fatal`
 * line is written at once. The process ends only after all lines are written.
 *
 * @param secrets - values that must never appear in the log
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
