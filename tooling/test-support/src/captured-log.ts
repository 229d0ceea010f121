import { inspect } from 'node:util';
import type { Logger } from '@slack-mcp/core';
import { leakScan } from './leak-scan.ts';

/** A logger that records every line. */
export interface CapturedLog extends Logger {
  readonly lines: { level: string; event: string; fields: Record<string, unknown> }[];
  /** All logged lines as one text. */
  text(): string;
}

/** Creates a logger that records every line. */
export function capturedLog(): CapturedLog {
  const lines: CapturedLog['lines'] = [];
  const method =
    (level: string) =>
    (first: object | string, message?: string): void => {
      leakScan.saw('a log', `${message ?? ''} ${typeof first === 'string' ? first : inspect(first, { depth: 8 })}`);
      if (typeof first === 'string') lines.push({ level, event: first, fields: {} });
      else lines.push({ level, event: message ?? '', fields: first as Record<string, unknown> });
    };
  return {
    lines,
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    text: () => JSON.stringify(lines),
  };
}
