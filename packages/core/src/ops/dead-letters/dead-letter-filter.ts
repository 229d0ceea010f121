import type { DeadLetter } from '../../contract/dead-letters.ts';
import { factsOf } from '../timeline/observe-consumers.ts';
import { errorText } from './error-text.ts';

/** Which dead letters of a group to select. Every given field must match. An empty filter selects all dead letters. */
export interface DeadLetterFilter {
  /** Ids of dead letters, of their messages, or of Slack's events. */
  readonly ids?: readonly string[] | undefined;
  /** The code of the reason, for example `MAX_RETRIES`. An empty text selects dead letters without a code. */
  readonly code?: string | undefined;
  /** The name of the error, for example `TypeError`. An empty text selects dead letters whose error has no name. */
  readonly error?: string | undefined;
  /** The message of the error, in the form that `GET /ops/dead-letters/errors` returns. */
  readonly message?: string | undefined;
  /** The type of the event, for example `app_mention`. */
  readonly type?: string | undefined;
  readonly channel?: string | undefined;
  /** Only dead letters that were parked at or after this time, in ISO 8601. */
  readonly after?: string | undefined;
  /** Only dead letters that were parked before this time, in ISO 8601. */
  readonly before?: string | undefined;
}

/** Creates a function that returns whether a filter selects a dead letter. */
export function createDeadLetterMatch(filter: DeadLetterFilter): (letter: DeadLetter) => boolean {
  const { code, error, message, type, channel } = filter;
  const ids = filter.ids && new Set(filter.ids);
  const after = filter.after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.after);
  const before = filter.before === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.before);
  return (letter) => {
    const { id, messageId, reason, deadLetteredAt } = letter;
    const facts = factsOf(letter);
    return (
      (ids === undefined || ids.has(id) || ids.has(messageId) || ids.has(facts.eventId ?? '')) &&
      (code === undefined || (reason.code ?? '') === code) &&
      (error === undefined || (reason.name ?? '') === error) &&
      (message === undefined || errorText(reason.message) === message) &&
      (type === undefined || facts.type === type) &&
      (channel === undefined || facts.channel === channel) &&
      deadLetteredAt >= after &&
      deadLetteredAt < before
    );
  };
}
