import type { DeadLetter } from '../contract/dead-letters.ts';
import type { DeadLetterReason } from '../contract/message.ts';

/** Maximum number of characters of each stored text. */
const MAX_LENGTH = 1_000;

/** Returns the part of a reason that is stored: the code, and the name and message of the error. Never throws. */
export function deadLetterReason({ code, error }: DeadLetterReason): DeadLetter['reason'] {
  return { ...(typeof code === 'string' ? { code: code.slice(0, MAX_LENGTH) } : {}), ...described(error) };
}

function described(error: unknown): { name?: string; message?: string } {
  if (error === undefined || error === null) return {};
  try {
    if (typeof error !== 'object') return { message: String(error).slice(0, MAX_LENGTH) };
    const { name, message } = error as { name?: unknown; message?: unknown };
    return {
      ...(typeof name === 'string' ? { name: name.slice(0, MAX_LENGTH) } : {}),
      ...(typeof message === 'string' ? { message: message.slice(0, MAX_LENGTH) } : {}),
    };
  } catch {
    return {};
  }
}
