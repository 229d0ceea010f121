import type { JsonObject } from '@slack-mcp/core';

/**
 * A Slack answer that may contain channels the caller did not ask for, such as a search or a list of files. Its content
 * can be read only through the channel gate, which removes what is in channels that may not be read.
 */
export class SealedAnswer {
  readonly #answer: JsonObject;

  constructor(answer: JsonObject) {
    this.#answer = answer;
  }

  /** For the channel gate only. */
  static open(sealed: SealedAnswer): JsonObject {
    return sealed.#answer;
  }
}
