import { createHash } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { AskPerson } from '../../tools/confirm.ts';
import { answerOf, canAsk, formOf } from './elicitation.ts';

/** The questions that a request of revision 2026-07-28 asks in one round. */
export interface InputRound {
  /** Asks the user of the client a question. Undefined if the client does not support elicitation. */
  readonly ask: AskPerson | undefined;
  /** Returns the question to send instead of a result, if the client has not answered the question yet. */
  pending(): InputRequiredResult | undefined;
}

/**
 * Opens a round of questions. An unanswered question ends the request, and the client repeats the request with the
 * answer. An answer counts only for the question that the person saw.
 */
export function openInputRound({ mcpReq }: ServerContext): InputRound {
  const envelope = mcpReq.envelope as Record<string, unknown> | undefined;
  if (!canAsk(envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined)) {
    return { ask: undefined, pending: () => undefined };
  }
  let open: string | undefined;
  return {
    async ask(question) {
      const given = inputResponse(mcpReq.inputResponses, keyOf(question));
      if (given.kind === 'elicit') return answerOf(given.action);
      open = question;
      return 'unanswered';
    },
    pending: () =>
      open === undefined
        ? undefined
        : inputRequired({ inputRequests: { [keyOf(open)]: inputRequired.elicit(formOf(open)) } }),
  };
}

function keyOf(question: string): string {
  return `confirm-${createHash('sha256').update(question).digest('hex').slice(0, 32)}`;
}
