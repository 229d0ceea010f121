import type { ResolvedPublish } from '@slack-mcp/core/backend';

const MAX_REMEMBERED = 10_000;

/**
 * Remembers messages that Kafka confirmed after their `publish` had timed out, because the caller may publish these
 * messages again with the same `messageId`.
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
