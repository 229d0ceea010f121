import type { Logger, LogMethod } from '@slack-mcp/core';
import type { RecordedLog } from './handle-outcome.ts';

/** Creates a logger that records its entries. */
export function recordLog(): { logger: Logger; log: RecordedLog[] } {
  const log: RecordedLog[] = [];
  const method =
    (level: keyof Logger): LogMethod =>
    (first: object | string, message?: string) => {
      log.push(typeof first === 'string' ? { level, message: first } : { ...first, level, message: message ?? '' });
    };
  return {
    logger: { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') },
    log,
  };
}
