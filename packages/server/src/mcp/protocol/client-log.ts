/** MCP log levels from lowest to highest. MCP uses the syslog levels. */
export const LOG_LEVELS: readonly ClientLogLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/** See `LOG_LEVELS`. */
export type ClientLogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';

/** Sends a log message of any level to a client. `CallLog` describes the allowed content. */
export type ClientLog = (
  level: ClientLogLevel,
  event: string,
  data?: Readonly<Record<string, string | number>>,
) => void;

/** Whether a client that set its minimum level to `least` wants messages of this level. */
export function isWanted(level: ClientLogLevel, least: ClientLogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
