import { SlackApiError, SlackTokenMissingError } from '@slack-mcp/slack';
import { expect, test } from 'vitest';
import { HandlerInterruptedError } from '../src/interruption.ts';
import { NonRetryableError } from '../src/non-retryable-error.ts';
import { decideFailure } from '../src/retry-policy.ts';

const error = new Error('broken');

test('delays grow from one retry to the next up to their limit, and then the message is parked', () => {
  const options = { maxRetries: 4, initialDelayMs: 100, maxDelayMs: 500, factor: 2, jitter: 'none' } as const;
  expect([0, 1, 2, 3, 4].map((retryCount) => decideFailure(error, retryCount, options))).toEqual([
    { action: 'retry', delayMs: 100, error },
    { action: 'retry', delayMs: 200, error },
    { action: 'retry', delayMs: 400, error },
    { action: 'retry', delayMs: 500, error },
    { action: 'dead-letter', code: 'MAX_RETRIES', error },
  ]);
});

test('retries five times by default, first within a second, with jitter', () => {
  const random = (): number => 0.5;
  expect(decideFailure(error, 0, { random })).toEqual({ action: 'retry', delayMs: 500, error });
  expect(decideFailure(error, 4, { random })).toEqual({ action: 'retry', delayMs: 8_000, error });
  expect(decideFailure(error, 5)).toEqual({ action: 'dead-letter', code: 'MAX_RETRIES', error });
});

test('parks at the first failure without retries', () => {
  expect(decideFailure(error, 0, { maxRetries: 0 })).toEqual({ action: 'dead-letter', code: 'MAX_RETRIES', error });
});

test('parks a NonRetryableError at once, also one from another copy of the package', () => {
  const foreign = Object.assign(new Error('broken'), { name: 'NonRetryableError' });
  for (const fatal of [new NonRetryableError('broken', { cause: error }), foreign]) {
    expect(decideFailure(fatal, 0)).toEqual({ action: 'dead-letter', code: 'NON_RETRYABLE', error: fatal });
  }
  expect(new NonRetryableError('broken', { cause: error }).cause).toBe(error);
});

test('counts a timeout as a failure, but not a lost message or the end of draining', () => {
  const timeout = new HandlerInterruptedError('HANDLER_TIMEOUT', 'late');
  expect(decideFailure(timeout, 5)).toMatchObject({ action: 'dead-letter' });
  for (const code of ['DRAIN_TIMEOUT', 'MESSAGE_LOST'] as const) {
    const interrupted = new HandlerInterruptedError(code, 'gone');
    expect(decideFailure(interrupted, 5)).toEqual({ action: 'hand-back', error: interrupted });
  }
});

test.each(['token_expired', 'invalid_auth', 'token_revoked', 'account_inactive'])(
  'parks nothing while Slack refuses the token (%s): the message waits for a new one',
  (name) => {
    const refused = new SlackApiError('chat.postMessage', name);
    for (const retryCount of [0, 5, 500]) {
      const outcome = decideFailure(refused, retryCount, { maxDelayMs: 7_000 });
      expect(outcome).toEqual({ action: 'retry', delayMs: 7_000, error: refused });
    }
    expect(decideFailure(refused, 0, { maxRetries: 0 })).toMatchObject({ action: 'retry', delayMs: 60_000 });
  },
);

test.each([new SlackApiError('chat.postMessage', 'channel_not_found'), new SlackTokenMissingError('auth.test')])(
  'counts other errors of Slack as failures: %s',
  (failure) => {
    expect(decideFailure(failure, 5)).toEqual({ action: 'dead-letter', code: 'MAX_RETRIES', error: failure });
  },
);
