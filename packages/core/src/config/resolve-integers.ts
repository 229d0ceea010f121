import { ConfigurationError } from '../contract/errors.ts';
import { quote } from '../text/quote.ts';

/** The longest timer delay in milliseconds; Node.js fires timers with a longer delay immediately. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** The default and the bounds of an integer option. `max` defaults to 2^53 - 1. */
export type IntegerRange = readonly [fallback: number, min: number, max?: number];

/**
 * Validates the integers of an options object and applies their defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveIntegers<Name extends string>(
  options: { readonly [N in NoInfer<Name>]?: number | undefined },
  ranges: Readonly<Record<Name, IntegerRange>>,
): Record<Name, number> {
  const resolved = {} as Record<Name, number>;
  for (const [name, [fallback, min, max]] of Object.entries(ranges) as [Name, IntegerRange][]) {
    const value = options[name] ?? fallback;
    assertInteger(name, value, min, max);
    resolved[name] = value;
  }
  return resolved;
}

/**
 * Checks that an option is an integer within its bounds.
 *
 * @throws ConfigurationError - the option is invalid; the message names it and gives an example
 */
export function assertInteger(
  name: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const isTime = name.endsWith('Ms');
  const least = isTime ? `, at least ${min}` : ` of at least ${min}`;
  const range = max === Number.MAX_SAFE_INTEGER ? least : ` from ${min} to ${max}`;
  const number = isTime ? 'a whole number of milliseconds' : 'an integer';
  const example = Math.max(min, Math.min(10_000, max));
  throw new ConfigurationError(
    `${name} is ${quote(value)}: use ${number}${range} (for example { ${name}: ${example} })`,
  );
}
