import type { JsonObject } from '@slack-mcp/core';
import { postResponse, type SlackEgress } from '@slack-mcp/slack';
import { ephemeralMessage, type NotTakenNotice } from './not-taken-notice.ts';

/**
 * Sends the notice to the user through the interaction's `response_url`, for interactions whose response body Slack
 * does not show. Resolves with `true` if Slack accepted the message within `timeoutMs`; never rejects.
 */
export async function notifyUser(
  payload: JsonObject,
  notice: NotTakenNotice,
  { egress, timeoutMs }: { readonly egress: SlackEgress; readonly timeoutMs: number },
): Promise<boolean> {
  const url = payload['response_url'];
  if (typeof url !== 'string') return false;
  try {
    await postResponse(egress, url, ephemeralMessage(notice), { timeoutMs });
    return true;
  } catch {
    return false;
  }
}
