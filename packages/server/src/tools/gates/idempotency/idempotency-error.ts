import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../../explained-error.ts';

const PROBLEMS = {
  idempotency_key_reused: ['This idempotency_key was used for another message.', 'Use a new key for each message.'],
  idempotency_uncertain: [
    'An earlier call with this idempotency_key ended without a result: it may have succeeded.',
    'Check the channel or thread first; if the message is not there, post it again with a new key.',
  ],
  idempotency_full: [
    'The limit of stored idempotency keys is reached (each is kept for 24 hours), so nothing was posted.',
    'Post without a key, or ask the operator of this server to raise the limit.',
  ],
  idempotency_unavailable: [
    'The idempotency_key could not be recorded, so nothing was posted.',
    'Try again in a moment, or without a key.',
  ],
} as const;

/** Thrown if an idempotency key cannot be used. */
export class IdempotencyError extends Error implements ExplainedError {
  readonly code: keyof typeof PROBLEMS;
  readonly nextStep: string;
  readonly details: JsonObject = {};

  constructor(code: keyof typeof PROBLEMS) {
    const [message, nextStep] = PROBLEMS[code];
    super(message);
    this.name = 'IdempotencyError';
    this.code = code;
    this.nextStep = nextStep;
  }
}
