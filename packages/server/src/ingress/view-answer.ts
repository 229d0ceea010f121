import { type JsonObject, withinTime } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';

/** How a submitted view was answered: `refused` with errors beside its inputs, or `accepted`. */
export type ViewAnswer = 'accepted' | 'refused';

/**
 * Milliseconds that publishing waits for the answer. The user waits at most 3 seconds for the answer and the publish
 * together.
 */
const WAIT_MS = 1_000;

/**
 * Returns the answer to a submitted view, so that its handlers can distinguish a refused form from an accepted one.
 *
 * @param responding - the responder's answer; undefined if there is no responder
 * @returns `undefined` for other deliveries, and if the responder takes too long
 */
export async function viewAnswerOf(
  { family, kind }: Pick<Delivery, 'family' | 'kind'>,
  responding: Promise<JsonObject | undefined> | undefined,
): Promise<ViewAnswer | undefined> {
  if (family !== 'interaction' || kind !== 'view_submission') return undefined;
  if (responding === undefined) return 'accepted';
  if ((await withinTime(responding, WAIT_MS)) === 'late') return undefined;
  const answer = await responding;
  return answer?.['response_action'] === 'errors' ? 'refused' : 'accepted';
}
