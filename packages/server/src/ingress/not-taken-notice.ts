import { isQueueError, type JsonObject, type QueueErrorCode } from '@slack-mcp/core';
import type { ResponseMessage } from '@slack-mcp/slack';

/** What a user is told of an interaction or command that the queue did not confirm. */
export interface NotTakenNotice {
  /** At most 24 characters, as the title of a view. */
  readonly title: string;
  readonly text: string;
}

const REFUSED: NotTakenNotice = {
  title: 'Not sent',
  text: 'This could not be taken just now, and nothing was done. Please try again in a minute.',
};

/** A second try has another `trigger_id`: what the queue has after all would be done twice. */
const UNCERTAIN: NotTakenNotice = {
  title: 'Not confirmed',
  text: 'It is not certain that this was taken: it may still be done. Please check before you try again.',
};

/**
 * The queue does not have it, and never will. Not of these: a time that is over, a connection that was lost, a backend
 * that was closed, whatever was on its way then.
 */
const REFUSALS: ReadonlySet<QueueErrorCode> = new Set<QueueErrorCode>([
  'ERR_QUEUE_CONFIG',
  'ERR_QUEUE_AUTH',
  'ERR_QUEUE_TOPOLOGY',
  'ERR_QUEUE_HOST_NOT_FOUND',
  'ERR_QUEUE_CONNECTION_REFUSED',
  'ERR_QUEUE_TLS',
  'ERR_QUEUE_SERIALIZATION',
  'ERR_QUEUE_PAYLOAD_TOO_LARGE',
  'ERR_QUEUE_PUBLISH',
  'ERR_QUEUE_UNROUTABLE',
  'ERR_QUEUE_FULL',
  'ERR_QUEUE_UNSUPPORTED',
]);

/** Says that nothing was done only where that is certain. */
export function noticeOf(error: unknown): NotTakenNotice {
  return isQueueError(error) && REFUSALS.has(error.code) ? REFUSED : UNCERTAIN;
}

/** The notice as a message that only the user sees, beside what is there. */
export function ephemeralMessage({ text }: NotTakenNotice): JsonObject & ResponseMessage & { readonly text: string } {
  return { response_type: 'ephemeral', replace_original: false, text };
}
