import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';
import { ephemeralMessage, type NotTakenNotice } from './not-taken-notice.ts';

/** The HTTP answer to a request from Slack. */
export interface IngressAnswer {
  readonly status: number;
  /** The body, sent as JSON; if absent, the response has an empty body. */
  readonly body?: JsonObject;
  /** Adds `x-slack-no-retry: 1`, because the same request can never succeed. */
  readonly noRetry?: true;
}

/**
 * Returns the answer for a delivery that is in the queue: the responder's body or, without one, the minimal response
 * that Slack accepts.
 */
export function answerTaken(delivery: Delivery, responded?: JsonObject): IngressAnswer {
  if (responded !== undefined) return { status: 200, body: responded };
  return isOptionsRequest(delivery) ? { status: 200, body: { options: [] } } : { status: 200 };
}

/**
 * Returns the answer for an interaction or command that the queue did not confirm. The answer informs the user, because
 * Slack never retries interactions and commands.
 *
 * @returns `undefined` if Slack would not show the response to the user
 */
export function answerNotTaken(delivery: Delivery, notice: NotTakenNotice): IngressAnswer | undefined {
  if (delivery.family === 'command') return { status: 200, body: ephemeralMessage(notice) };
  if (isOptionsRequest(delivery)) return { status: 200, body: { options: [] } };
  switch (delivery.kind) {
    case 'view_submission':
      return { status: 200, body: viewError(delivery.payload, notice) };
    case 'dialog_submission':
      return {
        status: 200,
        body: { errors: [{ name: firstKey(delivery.payload['submission']), error: notice.text }] },
      };
    case 'interactive_message':
      return { status: 200, body: ephemeralMessage(notice) };
    default:
      return undefined;
  }
}

function isOptionsRequest({ family, kind }: Delivery): boolean {
  return family === 'interaction' && (kind === 'block_suggestion' || kind === 'dialog_suggestion');
}

/**
 * Returns a response that shows an error in a view. In a view with inputs, the error appears next to the first input,
 * and the view stays open with its values. A view without inputs is replaced by the error.
 */
function viewError(payload: JsonObject, { title, text }: NotTakenNotice): JsonObject {
  const blocks = (payload['view'] as JsonObject | undefined)?.['blocks'];
  const input = Array.isArray(blocks)
    ? (blocks as (JsonObject | null)[]).find((block) => block?.['type'] === 'input' && block['block_id'])
    : undefined;
  if (input) return { response_action: 'errors', errors: { [String(input['block_id'])]: text } };
  return {
    response_action: 'update',
    view: {
      type: 'modal',
      title: { type: 'plain_text', text: title },
      close: { type: 'plain_text', text: 'Close' },
      blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
    },
  };
}

function firstKey(value: JsonValue | undefined): string {
  return (value !== null && typeof value === 'object' && Object.keys(value)[0]) || '';
}
