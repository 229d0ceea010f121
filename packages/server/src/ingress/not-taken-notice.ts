import { isQueueError, type JsonObject, type QueueErrorCode } from '@slack-mcp/core';
import type { ResponseMessage } from '@slack-mcp/slack';

/** The notice for the user whose interaction or command the queue did not confirm. */
export interface NotTakenNotice {
  /** The title; at most 24 characters, the limit for the title of a view. */
  readonly title: string;
  readonly text: string;
}

const REFUSED: NotTakenNotice = {
  title: 'Not sent',
  text: 'This could not be processed right now, and nothing was done. Please try again in a minute.',
};

/**
 * The notice if the queue may have stored the request. A second attempt has another `trigger_id`, so if the queue
 * stored the first attempt, both attempts are processed.
 */
const UNCERTAIN: NotTakenNotice = {
  title: 'Not confirmed',
  text: 'It is not certain that this was received. It may still be processed, so please check before you try again.',
};

/**
 * Error codes which mean that the message is not in the queue and cannot arrive later. Timeouts, lost connections and
 * closed backends are not included, because the message may still arrive after them.
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

/**
 * Returns the notice for an error. The notice says that nothing was done only if the message is certainly not in the
 * queue.
 */
export function noticeOf(error: unknown): NotTakenNotice {
  return isQueueError(error) && REFUSALS.has(error.code) ? REFUSED : UNCERTAIN;
}

/** Converts a notice to an ephemeral message, which only the user sees and which replaces no other message. */
export function ephemeralMessage({ text }: NotTakenNotice): JsonObject & ResponseMessage & { readonly text: string } {
  return { response_type: 'ephemeral', replace_original: false, text };
}
