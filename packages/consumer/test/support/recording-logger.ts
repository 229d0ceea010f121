import type { Logger, LogMethod } from '@slack-mcp/core';

/** One entry of a log. */
export interface Entry {
  readonly level: keyof Logger;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A logger that records its entries. */
export function recordingLogger(): Logger & { entries: Entry[]; named: (message: string) => Entry[] } {
  const entries: Entry[] = [];
  const record =
    (level: keyof Logger): LogMethod =>
    (first: object | string, message?: string) => {
      entries.push(typeof first === 'string' ? { level, message: first } : { ...first, level, message: message ?? '' });
    };
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    entries,
    named: (message) => entries.filter((entry) => entry.message === message),
  };
}
