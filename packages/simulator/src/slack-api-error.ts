import type { JsonObject } from './json.ts';

/**
 * An error with one of Slack's error codes, such as `channel_not_found`. The Web API returns the error as `{ ok: false,
 * error }`.
 */
export class SlackApiError extends Error {
  override readonly name: string = 'SlackApiError';
  /** Slack's error name. */
  readonly code: string;
  /** Other fields of the response, such as `needed` and `provided`. */
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}, message: string = code) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Creates Slack's error for missing or malformed arguments, with the reason in `response_metadata`. */
export function invalidArguments(reason: string): SlackApiError {
  return new SlackApiError(
    'invalid_arguments',
    { response_metadata: { messages: [`[ERROR] ${reason}`] } },
    `invalid_arguments: ${reason}`,
  );
}

/** Throws a `SlackApiError` with the given code. */
export function refuse(code: string): never {
  throw new SlackApiError(code);
}
