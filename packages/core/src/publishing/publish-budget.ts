/**
 * Bounds what is under way on all lanes together. A lane may have as much under way as is left for the others: however
 * many lanes stall, something is left for the next one.
 */
export class PublishBudget {
  #messages: number;
  #size: number;

  constructor(maxMessages: number, maxSize: number) {
    this.#messages = maxMessages;
    this.#size = maxSize;
  }

  /** Messages that are left. */
  get messages(): number {
    return this.#messages;
  }

  /** The size that is left. */
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
