import { escapeControls, formatText, redactSecrets } from '@slack-mcp/core';
import { type Logger, pino } from 'pino';
import { gatherLines } from './gather-lines.ts';
import type { LogSettings } from './log-settings.ts';
import { createTimestamp } from './timestamp.ts';

/**
 * The logger of the commands. It always writes to standard error, because standard output belongs to the protocol. The
 * lines of one turn of the event loop are written at its end, `fatal` lines at once. The process ends only after all
 * lines are written.
 *
 * @param secrets - values that must never appear in a line
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
