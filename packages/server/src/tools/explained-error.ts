import type { JsonObject } from '@slack-mcp/core';

/** An error that a model can act on. Tool errors and Slack errors are recognized by this shape, not by their class. */
export interface ExplainedError extends Error {
  /** A stable code in snake case: `unknown_channel`, `rate_limited`, `not_allowed`, … */
  readonly code: string;
  /** What happened and why. Safe to show: contains no token and no message text. */
  readonly message: string;
  /** What to do next. Empty if the message already says what to do. */
  readonly nextStep: string;
  /** The same information for programs. */
  readonly details: JsonObject;
  /** What was done before the failure, in the shape of the tool's output. */
  readonly output?: JsonObject | undefined;
}

/** Whether an error says what happened, why, and what to do next. */
export function isExplained(error: unknown): error is ExplainedError {
  if (!(error instanceof Error)) return false;
  const { code, nextStep, details } = error as Partial<ExplainedError>;
  return typeof code === 'string' && typeof nextStep === 'string' && typeof details === 'object';
}

/** What happened and what to do next, in one string. */
export function explanationOf({ message, nextStep }: Pick<ExplainedError, 'message' | 'nextStep'>): string {
  return nextStep === '' ? message : `${message} ${nextStep}`;
}
