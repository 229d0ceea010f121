import type { JsonObject } from '@slack-mcp/core';
import { ephemeralMessage, type NotTakenNotice } from './not-taken-notice.ts';

/**
 * Gives the user the notice through the interaction's `response_url`: Slack shows no response body for these kinds. Resolves whether Slack took the message within `timeoutMs`; never rejects.
 */
export async function notifyUser(
  payload: JsonObject,
  notice: NotTakenNotice,
  { timeoutMs }: { timeoutMs: number },
): Promise<boolean> {
  const url = responseUrl(payload);
  if (url === undefined) return false;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ephemeralMessage(notice)),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function responseUrl(payload: JsonObject): URL | undefined {
  const value = payload['response_url'];
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url : undefined;
}
