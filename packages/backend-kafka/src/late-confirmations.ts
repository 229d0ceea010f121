import type { ResolvedPublish } from '@slack-mcp/core/backend';

const MAX_REMEMBERED = 10_000;

/**
 * The messages that Kafka confirmed only when they were sent again. Their callers may have given up in the meantime and
 * publish them again, with the same `messageId`: such a message is stored already.
 */
export class LateConfirmations {
  readonly #names = new Set<string>();

  add(message: ResolvedPublish): void {
    if (!message.identified) return;
    this.#names.add(nameOf(message));
    for (const oldest of this.#names) {
      if (this.#names.size <= MAX_REMEMBERED) return;
      this.#names.delete(oldest);
    }
  }

  has(message: ResolvedPublish): boolean {
    return this.#names.size > 0 && message.identified && this.#names.has(nameOf(message));
  }
}

function nameOf({ key, messageId }: ResolvedPublish): string {
  return `${key}\n${messageId}`;
}
