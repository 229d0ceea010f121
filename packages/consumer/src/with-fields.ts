import type { Logger, LogMethod } from '@slack-mcp/core';

/** Returns a logger that adds `fields` to every entry. */
export function withFields(logger: Logger, fields: object): Logger {
  const bind =
    (level: keyof Logger): LogMethod =>
    (first: object | string, message?: string) =>
      typeof first === 'string' ? logger[level](fields, first) : logger[level]({ ...fields, ...first }, message);
  return { debug: bind('debug'), info: bind('info'), warn: bind('warn'), error: bind('error') };
}
