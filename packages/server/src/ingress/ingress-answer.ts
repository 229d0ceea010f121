import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';

/** What is answered to Slack. */
export interface IngressAnswer {
  readonly status: number;
  /** Sent as JSON; absent: an empty body. */
  readonly body?: JsonObject;
  /** `x-slack-no-retry: 1`: the same request can never succeed. */
  readonly noRetry?: true;
}

const NOT_TAKEN = 'This could not be taken just now, and nothing was done. Please try again in a minute.';

/** The ephemeral message that tells a user that nothing was done. */
export const EPHEMERAL_NOTICE: JsonObject = {
  response_type: 'ephemeral',
  replace_original: false,
  text: NOT_TAKEN,
};

/**
 * The answer once the queue has the delivery: what a responder said, else nothing but what Slack needs in the response.
 */
export function answerTaken(delivery: Delivery, responded?: JsonObject): IngressAnswer {
  if (responded !== undefined) return { status: 200, body: responded };
  return isOptionsRequest(delivery) ? { status: 200, body: { options: [] } } : { status: 200 };
}

/**
 * The answer that tells the user of an interaction or command that the queue does not have it; Slack never retries
 * those.
 *
 * @returns `undefined` where the response cannot reach the user
 */
export function answerNotTaken(delivery: Delivery): IngressAnswer | undefined {
  if (delivery.family === 'command') return { status: 200, body: EPHEMERAL_NOTICE };
  if (isOptionsRequest(delivery)) return { status: 200, body: { options: [] } };
  switch (delivery.kind) {
    case 'view_submission':
      return { status: 200, body: viewError(delivery.payload) };
    case 'dialog_submission':
      return { status: 200, body: { errors: [{ name: firstKey(delivery.payload['submission']), error: NOT_TAKEN }] } };
    case 'interactive_message':
      return { status: 200, body: EPHEMERAL_NOTICE };
    default:
      return undefined;
  }
}

function isOptionsRequest({ family, kind }: Delivery): boolean {
  return family === 'interaction' && (kind === 'block_suggestion' || kind === 'dialog_suggestion');
}

/** An error beside the first input keeps the view open with all that was entered; a view without inputs is replaced. */
function viewError(payload: JsonObject): JsonObject {
  const blocks = (payload['view'] as JsonObject | undefined)?.['blocks'];
  const input = Array.isArray(blocks)
    ? (blocks as (JsonObject | null)[]).find((block) => block?.['type'] === 'input' && block['block_id'])
    : undefined;
  if (input) return { response_action: 'errors', errors: { [String(input['block_id'])]: NOT_TAKEN } };
  return {
    response_action: 'update',
    view: {
      type: 'modal',
      title: { type: 'plain_text', text: 'Not sent' },
      close: { type: 'plain_text', text: 'Close' },
      blocks: [{ type: 'section', text: { type: 'plain_text', text: NOT_TAKEN } }],
    },
  };
}

function firstKey(value: JsonValue | undefined): string {
  return (value !== null && typeof value === 'object' && Object.keys(value)[0]) || '';
}
