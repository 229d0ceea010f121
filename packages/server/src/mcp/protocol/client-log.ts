/** How much it matters, least first: the levels of syslog, as the protocol has them. */
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

/** Logs to a client, at any of its levels. See `CallLog` for what may be said. */
export type ClientLog = (
  level: ClientLogLevel,
  event: string,
  data?: Readonly<Record<string, string | number>>,
) => void;

/** Whether a message of this level is wanted by a client that asked for that one. */
export function isWanted(level: ClientLogLevel, least: ClientLogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
