import {
  assertGroup,
  ConfigurationError,
  type ConsumeOptions,
  type ConsumerGroup,
  type Logger,
  type QueueBackend,
  type QueueKey,
  silentLogger,
} from '@slack-mcp/core';
import { createSlackClient, type SlackClient } from '@slack-mcp/slack';
import type { Middleware } from './compose.ts';
import type { SlackHandlers } from './handlers.ts';
import type { RetryOptions } from './retry-policy.ts';

/** Options of `createConsumer`. */
export interface ConsumerOptions {
  /** The source of messages. The consumer does not close the backend. */
  readonly backend: QueueBackend;
  /**
   * The members of a group share its messages. An explicit `undefined` creates an independent consumer: it receives
   * everything published while it runs, misses all other messages, and has no dead letters.
   */
  readonly group: ConsumerGroup;
  /** Default: the backend's configured keys. */
  readonly keys?: QueueKey | readonly QueueKey[];
  /** Where a new group starts. Default `earliest`. */
  readonly from?: 'earliest' | 'latest';
  /** Maximum number of messages handled at the same time. Default 10. */
  readonly concurrency?: number;
  /** Maximum number of messages taken from the broker and not yet settled. Default four times `concurrency`. */
  readonly prefetch?: number;
  /**
   * Maximum number of messages taken beyond `prefetch` while they wait only for their own channel, so that one channel
   * cannot block the others. Default 1000. Set 0 to take no messages beyond `prefetch`.
   */
  readonly readAhead?: number;
  /** The client for `context.slack`, `context.say` and `context.respond`. Default: a client without a token. */
  readonly slack?: SlackClient;
  /** Default: logs nothing. */
  readonly logger?: Logger;
  readonly retry?: RetryOptions;
  /**
   * Maximum time in milliseconds for handling a message. A message that takes longer fails. Default 60000. `Infinity`
   * removes the limit.
   */
  readonly timeoutMs?: number;
  /**
   * Maximum milliseconds that `close` waits for messages in flight. Default: the value passed to `close`, otherwise
   * 10000.
   */
  readonly drainTimeoutMs?: number;
  /** Middleware that wraps all handlers. The first middleware in the array is the outermost. */
  readonly middleware?: readonly Middleware[];
  /** Handlers as an object or class; the same as `consumer.use(handlers)`. */
  readonly handlers?: SlackHandlers;
}

/** Valid options with all defaults applied. */
export interface ResolvedOptions {
  readonly backend: QueueBackend;
  readonly consume: ConsumeOptions & { readonly prefetch: number };
  readonly concurrency: number;
  readonly readAhead: number;
  readonly slack: SlackClient;
  readonly logger: Logger;
  readonly retry: RetryOptions;
  readonly timeoutMs: number;
  /** Undefined if the option is not set and the caller of `close` decides. */
  readonly drainTimeoutMs: number | undefined;
  readonly middleware: readonly Middleware[];
}

/**
 * Applies the defaults to options that `checkOptions` has accepted.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveOptions(options: ConsumerOptions): ResolvedOptions {
  const { backend, group, keys, from, concurrency = 10, retry = {}, timeoutMs = 60_000, drainTimeoutMs } = options;
  if (group !== undefined) assertGroup(group);
  assertCount('concurrency', concurrency, 1, 10);
  const prefetch = options.prefetch ?? concurrency * 4;
  assertCount('prefetch', prefetch, 1, 40);
  const readAhead = options.readAhead ?? 1_000;
  assertCount('readAhead', readAhead, 0, 1_000);
  if (retry.maxRetries !== undefined) assertCount('retry.maxRetries', retry.maxRetries, 0, 5);
  if (timeoutMs !== Number.POSITIVE_INFINITY) assertCount('timeoutMs', timeoutMs, 1, 60_000);
  if (drainTimeoutMs !== undefined) assertCount('drainTimeoutMs', drainTimeoutMs, 0, 10_000);
  return {
    backend,
    consume: {
      ack: 'manual',
      prefetch,
      ...(group !== undefined && { group }),
      ...(keys !== undefined && { keys }),
      ...(from !== undefined && { from }),
    },
    concurrency,
    readAhead,
    slack: options.slack ?? createSlackClient({ token: undefined }),
    logger: options.logger ?? silentLogger,
    retry,
    timeoutMs,
    drainTimeoutMs,
    middleware: options.middleware ?? [],
  };
}

// A timer of more than 2^31 - 1 ms fires at once.
const MOST = 2 ** 31 - 1;

function assertCount(name: string, value: unknown, least: number, example: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > MOST) {
    const given = typeof value === 'number' ? `${value}` : `a ${typeof value}`;
    throw new ConfigurationError(
      `${name} is ${given}: set a whole number from ${least} to ${MOST}, for example ${example}`,
    );
  }
}
