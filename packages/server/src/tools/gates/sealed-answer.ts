import type { JsonObject } from '@slack-mcp/core';

/**
 * An answer of Slack that may name channels the caller did not ask for: a search, a list of files. It holds nothing that
 * can be read before it has passed the channel gate, which takes out what is in channels that may not be read.
 */
export class SealedAnswer {
  readonly #answer: JsonObject;

  constructor(answer: JsonObject) {
    this.#answer = answer;
  }

  /** For the channel gate alone. */
  static open(sealed: SealedAnswer): JsonObject {
    return sealed.#answer;
  }
}
