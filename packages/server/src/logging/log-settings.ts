/** Log levels, most verbose first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The log level and the log format. */
export interface LogSettings {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: 'json' | 'text';
}
