import type { Answer } from '../../tools/confirm.ts';

/** Whether a client can show a form to its user. A client that names no modes can show forms. */
export function canAsk(capabilities: { elicitation?: object | undefined } | undefined): boolean {
  const modes = capabilities?.elicitation;
  return modes !== undefined && ('form' in modes || !('url' in modes));
}

/** A question as a form without fields: the person can only accept or decline it. */
export function formOf(message: string): {
  message: string;
  requestedSchema: { type: 'object'; properties: Record<string, never> };
} {
  return { message, requestedSchema: { type: 'object', properties: {} } };
}

/** The meaning of the person's action. */
export function answerOf(action: unknown): Answer {
  return action === 'accept' ? 'accepted' : 'declined';
}
