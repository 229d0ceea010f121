import type { JsonObject } from '@slack-mcp/core';
import { postResponse, type SlackEgress } from '@slack-mcp/slack';
import { ephemeralMessage, type NotTakenNotice } from './not-taken-notice.ts';

/**
 * Gives the user the notice through the interaction's `response_url`: Slack shows no response body for these kinds.
 * Resolves whether Slack took the message within `timeoutMs`; never rejects.
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
