/**
 * Limits the messages in flight across all lanes. The less budget is left, the less a lane may use, so that some budget
 * remains for other lanes even if many lanes stall.
 */
export class PublishBudget {
  #messages: number;
  #size: number;

  constructor(maxMessages: number, maxSize: number) {
    this.#messages = maxMessages;
    this.#size = maxSize;
  }

  /** Number of messages that may still be sent. */
  get messages(): number {
    return this.#messages;
  }

  /** The size of the messages that may still be sent. */
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
