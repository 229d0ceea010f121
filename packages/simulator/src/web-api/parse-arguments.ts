import { isJsonObject, type JsonObject } from '../json.ts';
import { SlackApiError } from '../slack-api-error.ts';

/** The parts of a request that can contain arguments. */
export interface ArgumentSource {
  contentType: string | undefined;
  body: string | undefined;
  query: JsonObject;
}

/**
 * Parses the arguments of a call from the query and the body. A JSON body is ignored if the method does not accept
 * JSON.
 *
 * @throws SlackApiError `invalid_json`, `invalid_post_type`
 */
export function parseArguments({ contentType, body, query }: ArgumentSource, acceptsJson: boolean): JsonObject {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (!body) return { ...query };
  if (type === 'application/json') return { ...query, ...(acceptsJson ? parseJson(body) : {}) };
  if (type === undefined || type === 'application/x-www-form-urlencoded') {
    return { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
  }
  throw new SlackApiError('invalid_post_type');
}

function parseJson(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isJsonObject(value)) return value;
  } catch {
    throw new SlackApiError('invalid_json');
  }
  throw new SlackApiError('json_not_object');
}
