import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from '../explained-error.ts';

/** The kinds of Slack objects that are found by name. */
export type NamedKind = 'channel' | 'direct_message' | 'user' | 'user_group' | 'emoji';

/** Thrown if a name is unknown or ambiguous. */
export class NameError extends Error implements ExplainedError {
  readonly code: `unknown_${NamedKind}`;
  readonly nextStep: string;
  /** Names or IDs that the caller may have meant, nearest first. */
  readonly candidates: readonly string[];

  constructor(kind: NamedKind, message: string, nextStep: string, candidates: readonly string[]) {
    super(message);
    this.name = 'NameError';
    this.code = `unknown_${kind}`;
    this.nextStep = nextStep;
    this.candidates = candidates;
  }

  get details(): JsonObject {
    return { candidates: [...this.candidates] };
  }
}

/** Thrown while the names of a large workspace are still being read. */
export class NamesLoadingError extends Error implements ExplainedError {
  readonly code = 'names_loading';
  readonly nextStep: string;
  /** The number of seconds after which to try again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.name = 'NamesLoadingError';
    this.nextStep = `Use an id, or try again in ${retryAfterSeconds} s.`;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get details(): JsonObject {
    return { retry_after_s: this.retryAfterSeconds };
  }
}
