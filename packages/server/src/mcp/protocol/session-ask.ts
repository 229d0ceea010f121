import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { ElicitResultSchema, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { AskPerson } from '../../tools/confirm.ts';
import { answerOf, canAsk, formOf } from './elicitation.ts';
import { UndeliverableRequestError } from './undeliverable-request-error.ts';

/** Maximum milliseconds for a person to answer a question. */
const ANSWER_WITHIN_MS = 5 * 60_000;

/**
 * Returns a function that asks the user a question through a session of MCP revision 2025-11-25 or earlier, while the
 * client's request is in progress. Returns undefined if the client does not support questions.
 */
export function sessionAsk(
  server: Server,
  { sendRequest, signal }: RequestHandlerExtra<ServerRequest, ServerNotification>,
): AskPerson | undefined {
  if (!canAsk(server.getClientCapabilities())) return undefined;
  return async (question) => {
    try {
      const request = { method: 'elicitation/create', params: formOf(question) } as const;
      const { action } = await sendRequest(request, ElicitResultSchema, { signal, timeout: ANSWER_WITHIN_MS });
      return answerOf(action);
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof UndeliverableRequestError ? 'undeliverable' : 'unanswered';
    }
  };
}
