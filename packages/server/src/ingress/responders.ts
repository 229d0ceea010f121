import { encodePayload, type JsonObject, type Logger } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';

/** The context of a call to a responder. */
export interface ResponderContext {
  /** Aborted when the time limit of the responder has passed and the server has sent the default answer. */
  readonly signal: AbortSignal;
  readonly correlationId: string;
  readonly logger: Logger;
}

/** Returns the body of the answer to Slack, or `undefined` for the default answer. */
export type Responder = (
  payload: JsonObject,
  context: ResponderContext,
) => JsonObject | undefined | Promise<JsonObject | undefined>;

/**
 * Functions that answer deliveries for which Slack expects an answer in the response itself. Every delivery is also
 * published, regardless of the responder's answer; if the queue does not accept a delivery, the user receives an error
 * instead of that answer. If a responder throws, is late or returns a value that is not a JSON object, the server logs
 * the failure and sends the default answer.
 */
export interface Responders {
  /**
   * Answers a `view_submission` with `{ response_action: 'errors' | 'update' | 'push' | 'clear', … }`. By default,
   * Slack closes the view.
   */
  readonly onViewSubmission?: Responder;
  /**
   * Answers a `block_suggestion` or `dialog_suggestion` with `{ options: […] }` or `{ option_groups: […] }`. Default:
   * no options.
   */
  readonly onOptions?: Responder;
  /** Answers a slash command with `{ text, response_type, blocks, … }`. By default, Slack shows no reply. */
  readonly onCommand?: Responder;
}

/** Calls the responder of a delivery and limits its time. Never rejects. */
export type Respond = (delivery: Delivery, correlationId: string) => Promise<JsonObject | undefined> | undefined;

/**
 * Adds a time limit to the responders.
 *
 * @param options - `timeoutMs` is the maximum time in milliseconds for each responder
 */
export function createRespond(
  responders: Responders,
  { timeoutMs, logger }: { timeoutMs: number; logger: Logger },
): Respond {
  return (delivery, correlationId) => {
    const responder = responderOf(responders, delivery);
    return responder === undefined ? undefined : ask(responder, delivery, correlationId);
  };

  async function ask(
    responder: Responder,
    { kind, payload }: Delivery,
    correlationId: string,
  ): Promise<JsonObject | undefined> {
    const over = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the responder did not answer within ${timeoutMs} ms: do slow work in a handler`)),
        timeoutMs,
      );
    });
    try {
      // The queue gets the original payload, so the responder gets a copy.
      const asked = async () => responder(structuredClone(payload), { signal: over.signal, correlationId, logger });
      const answer = await Promise.race([asked(), late]);
      if (answer === undefined || answer === null) return undefined;
      return JSON.parse(encodePayload(answer)) as JsonObject;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      logger.error({ correlationId, kind, reason }, 'webhook_responder_failed');
      return undefined;
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  }
}

function responderOf(responders: Responders, { family, kind }: Delivery): Responder | undefined {
  if (family === 'command') return responders.onCommand;
  if (family !== 'interaction') return undefined;
  if (kind === 'view_submission') return responders.onViewSubmission;
  return kind === 'block_suggestion' || kind === 'dialog_suggestion' ? responders.onOptions : undefined;
}
