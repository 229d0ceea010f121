import type { ServerResponse } from 'node:http';

/** Messages that may wait for a client to read on. */
const MOST_UNREAD = 100;

/** Lets go of a client that does not read its streams, before what it is told fills the memory. */
export class SlowReader {
  /** How many messages wait on each stream. None before the first stream. */
  #unread: Map<ServerResponse, number> | undefined;

  /** The client has opened a stream, or taken one up again. */
  watch(response: ServerResponse): void {
    this.#unread ??= new Map();
    this.#unread.set(response, 0);
    response.once('close', () => this.#unread?.delete(response));
  }

  /** Is told of every message before it goes out. Ends a stream on which too many wait to be read. */
  add(): void {
    for (const [response, unread] of this.#unread ?? []) {
      if (unread > MOST_UNREAD) response.destroy();
      else this.#unread?.set(response, response.writableNeedDrain ? unread + 1 : 0);
    }
  }
}
