import type { JsonObject } from '@slack-mcp/core';

/**
 * An error that says what happened, why, and what to do next, so that a model can act on it. Tool errors and Slack
 * errors are recognized by their fields, not by their class.
 */
export interface ExplainedError extends Error {
  /** A stable code in snake case, such as `unknown_channel`, `rate_limited` or `not_allowed`. */
  readonly code: string;
  /** What happened and why. The text is safe to show, because it contains no token and no message text. */
  readonly message: string;
  /** What to do next; empty if the message already says what to do. */
  readonly nextStep: string;
  /** The facts in the message, as data for programs. */
  readonly details: JsonObject;
  /** Whether the call certainly changed nothing, so that it can be repeated with the same idempotency key. */
  readonly changedNothing?: boolean;
  /** The work that was done before the failure, in the format of the tool's output. */
  readonly output?: JsonObject | undefined;
}

/** Whether an error says what happened, why, and what to do next. */
export function isExplained(error: unknown): error is ExplainedError {
  if (!(error instanceof Error)) return false;
  const { code, nextStep, details } = error as Partial<ExplainedError>;
  return typeof code === 'string' && typeof nextStep === 'string' && typeof details === 'object';
}

/** Returns the message and the next step as one string. */
export function explanationOf({ message, nextStep }: Pick<ExplainedError, 'message' | 'nextStep'>): string {
  if (nextStep === '') return message;
  return `${message}${/[.!?…]$/.test(message) ? '' : '.'} ${nextStep}`;
}
