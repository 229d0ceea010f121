import type { JsonObject } from '@slack-mcp/core';

/**
 * An error that a model can act on. Errors of tools and of Slack calls join by having this shape; nothing lists their
 * classes.
 */
export interface ExplainedError extends Error {
  /** Stable, in snake case: `unknown_channel`, `rate_limited`, `not_allowed`, … */
  readonly code: string;
  /** What happened and why. Safe to show: no token, no text of a message. */
  readonly message: string;
  /** What to do next. Empty where the message says it. */
  readonly nextStep: string;
  /** The same for programs. */
  readonly details: JsonObject;
  /** What was done before it failed, in the shape of the tool's output. */
  readonly output?: JsonObject | undefined;
}

/** Whether an error says what happened, why, and what to do next. */
export function isExplained(error: unknown): error is ExplainedError {
  if (!(error instanceof Error)) return false;
  const { code, nextStep, details } = error as Partial<ExplainedError>;
  return typeof code === 'string' && typeof nextStep === 'string' && typeof details === 'object';
}

/** What happened and what to do next, as one text. */
export function explanationOf({ message, nextStep }: Pick<ExplainedError, 'message' | 'nextStep'>): string {
  return nextStep === '' ? message : `${message} ${nextStep}`;
}
