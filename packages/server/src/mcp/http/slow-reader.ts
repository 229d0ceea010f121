import type { ServerResponse } from 'node:http';

/** Maximum number of messages to buffer for a slow client. */
const MOST_UNREAD = 100;

/** Disconnects a client that does not read its streams, before unread messages fill the memory. */
export class SlowReader {
  /** Unread messages per stream. Undefined before the first stream. */
  #unread: Map<ServerResponse, number> | undefined;

  /** Watches a stream that the client has opened or resumed. */
  watch(response: ServerResponse): void {
    this.#unread ??= new Map();
    this.#unread.set(response, 0);
    response.once('close', () => this.#unread?.delete(response));
  }

  /** Call it before each message is sent. Closes a stream with too many unread messages. */
  add(): void {
    for (const [response, unread] of this.#unread ?? []) {
      if (unread > MOST_UNREAD) response.destroy();
      else this.#unread?.set(response, response.writableNeedDrain ? unread + 1 : 0);
    }
  }
}
