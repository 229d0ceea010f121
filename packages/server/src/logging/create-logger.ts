import { escapeControls, formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';
import type { LogSettings } from './log-settings.ts';
import { createTimestamp } from './timestamp.ts';

/** Maximum number of characters to keep while they cannot be written, for example because the disk is full. */
const MAX_UNWRITTEN = 2 ** 20;

/**
 * Creates the logger of the commands. The logger always writes to standard error, because standard output is reserved
 * for MCP messages. The log lines of one turn of the event loop are written together at the end of the turn; a `fatal`
 * line is written at once. The process ends only after all lines are written. If
 * the disk is full, the logger keeps lines for later and drops them above a limit.
 *
 * @param secrets - values that must never appear in the log
 */
export function createLogger({ level, format }: LogSettings, secrets: readonly string[] = []): Logger {
  const redact = redactSecrets(secrets);
  const standardError = pino.destination({ dest: 2, sync: true, maxLength: MAX_UNWRITTEN });
  // A full disk must not end the process.
  standardError.on('error', () => {});
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
