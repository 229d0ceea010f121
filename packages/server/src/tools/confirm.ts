import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from './explained-error.ts';

/** How a person answered: yes, no, or not within the time. */
export type Answer = 'accepted' | 'declined' | 'unanswered';

/**
 * Asks the person who uses the client a question that can be accepted or declined.
 *
 * @throws the abort reason of the call's signal
 */
export type AskPerson = (question: string) => Promise<Answer>;

const PROBLEMS = {
  declined: ['The person declined, so nothing was changed.', 'Do not call again unless the person asks for it.'],
  unanswered: ['The person did not answer, so nothing was changed.', 'Ask the person, then call again.'],
} as const;

/** Thrown if the person did not accept what a tool was about to do. */
export class NotConfirmedError extends Error implements ExplainedError {
  readonly code: keyof typeof PROBLEMS;
  readonly nextStep: string;
  readonly details: JsonObject = {};

  constructor(code: keyof typeof PROBLEMS) {
    const [message, nextStep] = PROBLEMS[code];
    super(message);
    this.name = 'NotConfirmedError';
    this.code = code;
    this.nextStep = nextStep;
  }
}

/**
 * Asks the person before something that cannot be undone. Continues without a question if the client cannot ask.
 *
 * @param ask - absent if the client cannot ask
 * @param questionOf - composes the question; called only if the client can ask
 * @throws NotConfirmedError - the person did not accept
 */
export async function confirm(ask: AskPerson | undefined, questionOf: () => Promise<string>): Promise<void> {
  if (ask === undefined) return;
  const answer = await ask(await questionOf());
  if (answer !== 'accepted') throw new NotConfirmedError(answer);
}
