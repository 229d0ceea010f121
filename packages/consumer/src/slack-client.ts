import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, type JsonObject, type SlackClient } from '@slack-mcp/core';

/** Where Slack's Web API is. */
export const SLACK_API_URL = 'https://slack.com/api/';

/** Options of `createSlackClient`. */
export interface SlackClientOptions {
  /** `xoxb-…`. Without it every call rejects and says what to set. */
  readonly token?: string | undefined;
  /** Base of the Web API. Default `https://slack.com/api/`. */
  readonly apiUrl?: string | undefined;
  /** Retries of a call that Slack limits, each after the time that Slack asks for. Default 3. */
  readonly maxRetries?: number;
}

/** Slack answered `ok: false`, or not at all. Its message holds the method and Slack's error name, never arguments. */
export class SlackApiError extends Error {
  override readonly name: string = 'SlackApiError';
  /** Slack's error name, for example `channel_not_found`, or `http_503`. */
  readonly error: string;

  constructor(method: string, error: string) {
    super(`${method}: ${error}`);
    this.error = error;
  }
}

/**
 * A client for Slack's Web API on `fetch`, for workers that run on their own. It retries rate limits only: everything
 * else fails the handler, whose message then comes again.
 *
 * @throws ConfigurationError - `apiUrl` would send the token unencrypted
 */
export function createSlackClient({ token, apiUrl = SLACK_API_URL, maxRetries = 3 }: SlackClientOptions): SlackClient {
  const base = baseUrl(apiUrl);
  return {
    call: async (method, args = {}, { signal } = {}) => {
      if (!token) throw new ConfigurationError(`${method}: no token (for example SLACK_BOT_TOKEN=xoxb-…)`);
      if (!/^[A-Za-z0-9_.]+$/.test(method))
        throw new ConfigurationError('not a method of Slack (for example chat.postMessage)');
      for (let retries = 0; ; retries += 1) {
        const response = await fetch(new URL(method, base), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: encode(args),
          ...(signal && { signal }),
        });
        if (response.status !== 429 || retries >= maxRetries) return read(method, response);
        await response.body?.cancel();
        await sleep(retryAfterMs(response), undefined, signal && { signal });
      }
    },
  };
}

function baseUrl(apiUrl: string): URL {
  const url = URL.parse(apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  const loopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return url;
  throw new ConfigurationError(
    `SLACK_API_URL is not an https URL, nor an http one on a loopback address (for example ${SLACK_API_URL})`,
  );
}

// Every method takes a form, only some take JSON.
function encode(args: Readonly<Record<string, unknown>>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined || value === null) continue;
    form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return form;
}

async function read(method: string, response: Response): Promise<JsonObject> {
  const body = (await response.json().catch(() => undefined)) as JsonObject | undefined;
  if (body?.['ok'] === true) return body;
  const error = body?.['error'];
  throw new SlackApiError(method, typeof error === 'string' ? error : `http_${response.status}`);
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 1_000;
}
