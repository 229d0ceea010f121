import { ConfigurationError } from '@slack-mcp/core';

/** The longest that a timer waits. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function assertMilliseconds(name: string, value: unknown, max: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
  throw new ConfigurationError(`${name} is a whole number of milliseconds ${range} (for example { ${name}: 60000 })`);
}
