import type { Answer } from '../../tools/confirm.ts';

/**
 * Whether a client can show a form to its user. A client that supports elicitation but names no modes can show forms.
 */
export function canAsk(capabilities: { elicitation?: object | undefined } | undefined): boolean {
  const modes = capabilities?.elicitation;
  return modes !== undefined && ('form' in modes || !('url' in modes));
}

/** Converts a question to a form without fields, which the person can only accept or decline. */
export function formOf(message: string): {
  message: string;
  requestedSchema: { type: 'object'; properties: Record<string, never> };
} {
  return { message, requestedSchema: { type: 'object', properties: {} } };
}

/** Converts the person's action in a form to an answer. */
export function answerOf(action: unknown): Answer {
  return action === 'accept' ? 'accepted' : 'declined';
}
