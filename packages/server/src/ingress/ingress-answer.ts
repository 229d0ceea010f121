import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';
import { ephemeralMessage, type NotTakenNotice } from './not-taken-notice.ts';

/** The answer to Slack. */
export interface IngressAnswer {
  readonly status: number;
  /** Sent as JSON. Absent: an empty body. */
  readonly body?: JsonObject;
  /** `x-slack-no-retry: 1`: the same request can never succeed. */
  readonly noRetry?: true;
}

/**
 * The answer once the delivery is in the queue: the responder's body, otherwise only what Slack needs in the response.
 */
export function answerTaken(delivery: Delivery, responded?: JsonObject): IngressAnswer {
  if (responded !== undefined) return { status: 200, body: responded };
  return isOptionsRequest(delivery) ? { status: 200, body: { options: [] } } : { status: 200 };
}

/**
 * The answer that informs the user of an interaction or command that the queue did not confirm it. Slack never retries
 * these requests.
 *
 * @returns `undefined` if the response cannot reach the user
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
 * In a view with inputs, an error next to the first input keeps the view open with its values. A view without inputs is
 * replaced.
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
