import type { JsonObject } from '@slack-mcp/core';
import type { ExplainedError } from './explained-error.ts';

/**
 * How a person answered a question. With `unanswered`, the person did not answer in time; with `undeliverable`, the
 * client cannot receive the question over its connection.
 */
export type Answer = 'accepted' | 'declined' | 'unanswered' | 'undeliverable';

/**
 * Asks the person who uses the client a question, which the person can accept or decline.
 *
 * @throws the abort reason of the call's signal
 */
export type AskPerson = (question: string) => Promise<Answer>;

const PROBLEMS = {
  declined: {
    code: 'declined',
    message: 'The person declined, so nothing was changed.',
    nextStep: 'Do not call again unless the person asks for it.',
  },
  unanswered: {
    code: 'unanswered',
    message: 'The person did not answer, so nothing was changed.',
    nextStep: 'Ask the person, then call again.',
  },
  undeliverable: {
    code: 'unanswered',
    message:
      'The person was not asked, so nothing was changed: the client declares elicitation, but accepts only JSON, so the question cannot reach it.',
    nextStep:
      'In the client, accept text/event-stream too, or do not declare elicitation. Until then, the person can make the change in Slack.',
  },
} as const;

/** Thrown if the person did not accept the action that a tool was about to take. */
export class NotConfirmedError extends Error implements ExplainedError {
  readonly code: 'declined' | 'unanswered';
  readonly nextStep: string;
  readonly details: JsonObject = {};
  readonly changedNothing = true;

  constructor(answer: Exclude<Answer, 'accepted'>) {
    const { code, message, nextStep } = PROBLEMS[answer];
    super(message);
    this.name = 'NotConfirmedError';
    this.code = code;
    this.nextStep = nextStep;
  }
}

/**
 * Asks the person before an action that cannot be undone. If the client does not support questions, continues without a
 * question.
 *
 * @param ask - asks the person; undefined if the client does not support questions
 * @param questionOf - composes the question; called only if `ask` is defined
 * @throws NotConfirmedError - the person declined or did not answer in time
 */
export async function confirm(ask: AskPerson | undefined, questionOf: () => Promise<string>): Promise<void> {
  if (ask === undefined) return;
  const answer = await ask(await questionOf());
  if (answer !== 'accepted') throw new NotConfirmedError(answer);
}
