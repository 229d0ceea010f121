import { type JsonObject, withinTime } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';

/** How a submitted view was answered. `refused` means that the responder returned errors for inputs of the view. */
export type ViewAnswer = 'accepted' | 'refused';

/**
 * Maximum milliseconds that publishing waits for the responder's answer. Waiting and publishing together must end
 * within the 3 seconds that Slack waits.
 */
const WAIT_MS = 1_000;

/** Returns whether a delivery is a submitted view. Its handlers need to know how the responder answered. */
export function isSubmittedView({ family, kind }: Pick<Delivery, 'family' | 'kind'>): boolean {
  return family === 'interaction' && kind === 'view_submission';
}

/**
 * Returns the answer to a submitted view, so that its handlers can distinguish a refused form from an accepted one.
 *
 * @param responding - the responder's answer; undefined if there is no responder
 * @returns `undefined` if the responder takes too long
 */
export async function viewAnswerOf(
  responding: Promise<JsonObject | undefined> | undefined,
): Promise<ViewAnswer | undefined> {
  if (responding === undefined) return 'accepted';
  if ((await withinTime(responding, WAIT_MS)) === 'late') return undefined;
  const answer = await responding;
  return answer?.['response_action'] === 'errors' ? 'refused' : 'accepted';
}
