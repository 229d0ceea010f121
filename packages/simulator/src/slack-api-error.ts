import type { JsonObject } from './json.ts';

/** A refusal in Slack's own terms, such as `channel_not_found`: what the Web API answers as `{ ok: false, error }`. */
export class SlackApiError extends Error {
  override readonly name: string = 'SlackApiError';
  /** Slack's error name. */
  readonly code: string;
  /** Further fields of the answer, such as `needed` and `provided`. */
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}, message: string = code) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Slack's answer to arguments that are missing or malformed, with the reason it puts in `response_metadata`. */
export function invalidArguments(reason: string): SlackApiError {
  return new SlackApiError(
    'invalid_arguments',
    { response_metadata: { messages: [`[ERROR] ${reason}`] } },
    `invalid_arguments: ${reason}`,
  );
}
