import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { decompress } from './egress/decompress.ts';
import type { Exchanged } from './egress/exchange.ts';
import { SlackApiError, SlackNetworkError, SlackRateLimitedError } from './slack-error.ts';

/** Seconds to wait if Slack answers with status 429 but states no time. */
const UNSPECIFIED_RETRY_AFTER = 30;
/**
 * Maximum number of seconds to wait before the next call of a method. Slack usually asks for a minute or two, so a much
 * longer time is probably wrong and would block the method.
 */
const LONGEST_RETRY_AFTER = 60 * 60;

/** Slack's error names for a rate limit, used in answers without status 429. */
const RATE_LIMITED: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);

const ERROR_NAME = /^\w[\w.:-]{0,99}$/;

/**
 * Reads the answer to a call of a method.
 *
 * @throws SlackApiError if the answer is `ok: false`
 * @throws SlackRateLimitedError if Slack limits the rate of the method
 * @throws SlackNetworkError if the answer is not from Slack
 */
export async function readAnswer(method: string, exchanged: Exchanged): Promise<JsonObject> {
  const { status, headers } = exchanged;
  if (status === 429) throw new SlackRateLimitedError(method, secondsToWait(headers['retry-after']));
  if (status !== 200) throw new SlackNetworkError(method, 'http_error', { status });
  if (headers['content-type'] === 'application/gzip') return readFile(method, exchanged.body);

  const answer = objectOf(parse(exchanged.body.toString()));
  if (answer?.['ok'] === true) {
    answer['response_metadata'] = { ...objectOf(answer['response_metadata']), ...scopesIn(headers) };
    return answer;
  }
  const error = answer?.['error'];
  if (answer === undefined || typeof error !== 'string' || !ERROR_NAME.test(error)) {
    throw new SlackNetworkError(method, 'invalid_answer');
  }
  if (RATE_LIMITED.has(error)) throw new SlackRateLimitedError(method, secondsToWait(headers['retry-after']));
  throw new SlackApiError(method, error, {
    ...(isName(answer['needed']) && { needed: answer['needed'] }),
    ...(isName(answer['provided']) && { provided: answer['provided'] }),
    messages: textsIn(objectOf(answer['response_metadata'])?.['messages']),
  });
}

/** Reads the answer of `admin.analytics.getFile`, which is a gzip file with lines of JSON. */
async function readFile(method: string, body: Buffer): Promise<JsonObject> {
  try {
    const lines = (await decompress(body, 'gzip')).toString().split('\n');
    return { ok: true, file_data: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JsonValue) };
  } catch (cause) {
    throw new SlackNetworkError(method, 'invalid_answer', { cause });
  }
}

/** Returns the scopes in the headers of an answer, in the format of Slack's own client. */
function scopesIn(headers: Exchanged['headers']): JsonObject {
  const { 'x-oauth-scopes': scopes, 'x-accepted-oauth-scopes': acceptedScopes } = headers;
  return {
    ...(typeof scopes === 'string' && { scopes: listOf(scopes) }),
    ...(typeof acceptedScopes === 'string' && { acceptedScopes: listOf(acceptedScopes) }),
  };
}

function listOf(header: string): string[] {
  return header.trim().split(/\s*,\s*/);
}

function secondsToWait(header: string | string[] | undefined): number {
  const seconds = Number.parseInt(String(header), 10);
  return Number.isNaN(seconds) ? UNSPECIFIED_RETRY_AFTER : Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER);
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function isName(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
