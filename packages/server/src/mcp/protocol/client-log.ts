/** Log levels from lowest to highest: the syslog levels, as in the protocol. */
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

/** Logs to a client at any level. For the allowed content, see `CallLog`. */
export type ClientLog = (
  level: ClientLogLevel,
  event: string,
  data?: Readonly<Record<string, string | number>>,
) => void;

/** Whether a client that asked for level `least` wants messages of this level. */
export function isWanted(level: ClientLogLevel, least: ClientLogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
