import { type BackoffOptions, backoffDelay } from '@slack-mcp/core';
import { isUnusableToken } from '@slack-mcp/slack';
import { HandlerInterruptedError } from './interruption.ts';
import { isInstanceOf } from './is-instance-of.ts';
import { NonRetryableError } from './non-retryable-error.ts';

/** When a failed message is delivered again, and when it is parked. */
export interface RetryOptions extends BackoffOptions {
  /**
   * Maximum number of retries after a failure. Default 5; 0 parks a message at its first failure. A delivery that ends
   * because the process crashes is not a failure; the backend's delivery limit applies to it.
   */
  maxRetries?: number;
  /** Milliseconds before the first retry. Default 1000. */
  initialDelayMs?: number;
  /** Maximum milliseconds between two deliveries. Default 60000. */
  maxDelayMs?: number;
}

/** How a message is settled. */
export type Outcome =
  | { readonly action: 'ack' }
  | { readonly action: 'retry'; readonly delayMs: number; readonly error: unknown }
  | { readonly action: 'dead-letter'; readonly code: 'MAX_RETRIES' | 'NON_RETRYABLE'; readonly error: unknown }
  | { readonly action: 'hand-back'; readonly error: unknown };

const DEFAULTS = { maxRetries: 5, initialDelayMs: 1_000, maxDelayMs: 60_000 } as const;

/** Decides how to settle a message whose handling failed with `error` after `retryCount` earlier failures. */
export function decideFailure(error: unknown, retryCount: number, options: RetryOptions = {}): Outcome {
  const { maxRetries, ...backoff } = { ...DEFAULTS, ...options };
  // Neither is caused by the handler, and neither says anything about the message.
  if (isInstanceOf(error, HandlerInterruptedError) && error.code !== 'HANDLER_TIMEOUT') {
    return { action: 'hand-back', error };
  }
  if (isInstanceOf(error, NonRetryableError)) return { action: 'dead-letter', code: 'NON_RETRYABLE', error };
  // No message can be handled until the operator has renewed the token, so messages are not parked.
  if (saysTokenIsUnusable(error)) return { action: 'retry', delayMs: backoff.maxDelayMs, error };
  if (retryCount >= maxRetries) return { action: 'dead-letter', code: 'MAX_RETRIES', error };
  return { action: 'retry', delayMs: backoffDelay(retryCount, backoff), error };
}

function saysTokenIsUnusable(error: unknown): boolean {
  try {
    return isUnusableToken(error);
  } catch {
    return false;
  }
}
