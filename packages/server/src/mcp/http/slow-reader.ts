import type { ServerResponse } from 'node:http';

/** Maximum number of unread messages to buffer per stream. */
const MOST_UNREAD = 100;

/** Disconnects a client that does not read its streams, before unread messages fill the memory. */
export class SlowReader {
  /** The number of unread messages per stream; undefined before the first stream. */
  #unread: Map<ServerResponse, number> | undefined;

  /** Watches a stream that the client has opened or resumed. */
  watch(response: ServerResponse): void {
    this.#unread ??= new Map();
    this.#unread.set(response, 0);
    response.once('close', () => this.#unread?.delete(response));
  }

  /**
   * Counts a message on each stream, and closes streams with too many unread messages. Call this method before each
   * message is sent.
   */
  add(): void {
    for (const [response, unread] of this.#unread ?? []) {
      if (unread > MOST_UNREAD) response.destroy();
      else this.#unread?.set(response, response.writableNeedDrain ? unread + 1 : 0);
    }
  }
}
