import type { DeadLetter } from '../contract/dead-letters.ts';
import type { DeadLetterReason } from '../contract/message.ts';
import { redactSecrets } from '../text/redact-secrets.ts';

/** Maximum number of characters of each stored text. */
const MAX_LENGTH = 1_000;

/** Everyone who may read dead letters sees the stored texts. */
const redact = redactSecrets([]);

/**
 * Returns the part of a reason that is stored: the code, and the name and message of the error. Slack tokens and the
 * credentials of URLs are removed. Never throws.
 */
export function deadLetterReason({ code, error }: DeadLetterReason): DeadLetter['reason'] {
  return { ...(typeof code === 'string' ? { code: stored(code) } : {}), ...described(error) };
}

function described(error: unknown): { name?: string; message?: string } {
  if (error === undefined || error === null) return {};
  try {
    if (typeof error !== 'object') return { message: stored(String(error)) };
    const { name, message } = error as { name?: unknown; message?: unknown };
    return {
      ...(typeof name === 'string' ? { name: stored(name) } : {}),
      ...(typeof message === 'string' ? { message: stored(message) } : {}),
    };
  } catch {
    return {};
  }
}

function stored(text: string): string {
  // Redacts before it cuts, because half a token would not be recognized.
  return redact(text).slice(0, MAX_LENGTH);
}
