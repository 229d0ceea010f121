import { isQueueError, type JsonObject, type QueueErrorCode } from '@slack-mcp/core';
import type { ResponseMessage } from '@slack-mcp/slack';

/** The notice for the user of an interaction or command that the queue did not confirm. */
export interface NotTakenNotice {
  /** At most 24 characters, because it is the title of a view. */
  readonly title: string;
  readonly text: string;
}

const REFUSED: NotTakenNotice = {
  title: 'Not sent',
  text: 'This could not be processed right now, and nothing was done. Please try again in a minute.',
};

/** A second attempt has another `trigger_id`: if the queue did store the first attempt, both are processed. */
const UNCERTAIN: NotTakenNotice = {
  title: 'Not confirmed',
  text: 'It is not certain that this was received. It may still be processed, so please check before you try again.',
};

/**
 * Error codes that mean: the message is not in the queue and will never be. Not included: timeouts, lost connections
 * and closed backends, after which the message may still arrive.
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

/** Says that nothing was done only if that is certain. */
export function noticeOf(error: unknown): NotTakenNotice {
  return isQueueError(error) && REFUSALS.has(error.code) ? REFUSED : UNCERTAIN;
}

/** The notice as a message that only the user sees, next to the existing messages. */
export function ephemeralMessage({ text }: NotTakenNotice): JsonObject & ResponseMessage & { readonly text: string } {
  return { response_type: 'ephemeral', replace_original: false, text };
}
