/**
 * Limits the messages in flight across all lanes. No lane uses more than it leaves free for the others, so that some
 * budget remains even if many lanes stall.
 */
export class PublishBudget {
  #messages: number;
  #size: number;

  constructor(maxMessages: number, maxSize: number) {
    this.#messages = maxMessages;
    this.#size = maxSize;
  }

  /** The remaining number of messages. */
  get messages(): number {
    return this.#messages;
  }

  /** The remaining size. */
  get size(): number {
    return this.#size;
  }

  take(messages: number, size: number): void {
    this.#messages -= messages;
    this.#size -= size;
  }

  release(messages: number, size: number): void {
    this.#messages += messages;
    this.#size += size;
  }
}
