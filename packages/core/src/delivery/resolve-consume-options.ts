import type { QueueKey } from '../contract/backend.ts';
import type { BackendCapabilities } from '../contract/capabilities.ts';
import { ConfigurationError, UnsupportedError } from '../contract/errors.ts';
import { assertGroup, assertKey } from '../contract/keys.ts';
import type { ConsumeOptions } from '../contract/subscription.ts';
import { quote } from '../text/quote.ts';

/** {@link ConsumeOptions} with all defaults applied. */
export interface ResolvedConsumeOptions {
  readonly group?: string;
  /** At least one key, without duplicates. */
  readonly keys: readonly QueueKey[];
  readonly signal?: AbortSignal;
  readonly ack: 'on-next' | 'manual';
  readonly prefetch: number;
  readonly from: 'earliest' | 'latest';
  /** The time to start at, in milliseconds since the epoch. Replaces `from`. */
  readonly fromTime?: number;
}

/** The settings of the backend that the options of `consume` depend on. */
export interface ConsumeDefaults {
  /** The default keys. */
  keys: readonly QueueKey[];
  capabilities: Pick<BackendCapabilities, 'patterns' | 'retainsWithoutGroup' | 'startTime'>;
}

const MAX_PREFETCH = 10_000;

/**
 * Validates the options of `consume` and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 * @throws UnsupportedError - the backend does not support a pattern, `from: 'earliest'` or a time
 */
export function resolveConsumeOptions(
  options: ConsumeOptions | undefined,
  defaults: ConsumeDefaults,
): ResolvedConsumeOptions {
  const { group, signal, ack = 'on-next', prefetch = 64, from } = options ?? {};
  if (group !== undefined) assertGroup(group);
  if (ack !== 'on-next' && ack !== 'manual') {
    throw new ConfigurationError(`ack is ${quote(ack)}: use on-next or manual (for example { ack: 'manual' })`);
  }
  if (!Number.isInteger(prefetch) || prefetch < 1 || prefetch > MAX_PREFETCH) {
    throw new ConfigurationError(
      `prefetch is ${shown(prefetch)}: use an integer from 1 to ${MAX_PREFETCH} (for example { prefetch: 64 })`,
    );
  }
  const fromTime = from instanceof Date ? from.getTime() : undefined;
  const isWord = from === undefined || from === 'earliest' || from === 'latest';
  if (fromTime === undefined ? !isWord : Number.isNaN(fromTime)) {
    throw new ConfigurationError(
      `from is ${shown(from)}: use earliest, latest or a valid Date (for example { from: 'latest' })`,
    );
  }
  if (fromTime !== undefined && defaults.capabilities.startTime !== true) {
    throw new UnsupportedError(
      "from is a Date, but this backend cannot start a consumer from a given time: use { from: 'latest' }, or a backend with the capability startTime",
    );
  }
  if (from === 'earliest' && group !== undefined && !defaults.capabilities.retainsWithoutGroup) {
    throw new UnsupportedError(
      "this backend keeps no history: a new group cannot start at the earliest message (use { from: 'latest' })",
    );
  }
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw new ConfigurationError(
      'signal is not an AbortSignal: pass an AbortSignal (for example { signal: AbortSignal.timeout(60_000) })',
    );
  }
  return {
    keys: resolveKeys(options?.keys ?? defaults.keys, defaults.capabilities.patterns),
    ack,
    prefetch,
    from: from === 'latest' ? 'latest' : 'earliest',
    ...(fromTime === undefined ? {} : { fromTime: Math.max(0, fromTime) }),
    ...(group === undefined ? {} : { group }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function resolveKeys(keys: QueueKey | readonly QueueKey[], patterns: boolean): readonly QueueKey[] {
  const listed = [...new Set(typeof keys === 'string' ? [keys] : keys)];
  if (listed.length === 0) {
    throw new ConfigurationError(`keys is empty: use at least one key (for example { keys: ['slack_events'] })`);
  }
  for (const key of listed) {
    if (typeof key !== 'string' || !/[*#]/.test(key)) assertKey(key);
    else if (!patterns)
      throw new UnsupportedError(
        `${quote(key)} is a pattern, but this backend supports only exact keys: list each key`,
      );
    else assertPattern(key);
  }
  return listed;
}

function assertPattern(pattern: string): void {
  if (pattern.length <= 200 && pattern.split('.').every((word) => /^([A-Za-z0-9_-]*|[*#])$/.test(word))) return;
  throw new ConfigurationError(
    `${quote(pattern)} is not a valid pattern: use at most 200 characters, and separate words with dots; a word is * (any word), # (any number of words), or any of A-Z a-z 0-9 _ and - (for example slack.#)`,
  );
}

function isAbortSignal(value: unknown): boolean {
  const signal = value as Partial<AbortSignal> | null;
  return typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function';
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : quote(value);
}
