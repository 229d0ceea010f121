/**
 * Limits the messages that all lanes together are sending. A lane may use as much as is left for the others, so that
 * some budget remains however many lanes stall.
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
