import type { JsonObject } from '@slack-mcp/core';

/**
 * A Slack answer that may contain channels the caller did not ask for, such as a search or a list of files. The content
 * of a sealed answer can be read only through the channel gate, which removes items of channels that may not be read.
 */
export class SealedAnswer {
  readonly #answer: JsonObject;

  constructor(answer: JsonObject) {
    this.#answer = answer;
  }

  /** Returns the content of a sealed answer. Only the channel gate may call this method. */
  static open(sealed: SealedAnswer): JsonObject {
    return sealed.#answer;
  }
}
