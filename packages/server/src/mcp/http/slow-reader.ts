import type { ServerResponse } from 'node:http';

/** Messages that may wait for a client to read on. */
const MOST_UNREAD = 100;

/** Lets go of clients that do not read their stream, before what they are told fills the memory. */
export class SlowReader {
  #response: ServerResponse | undefined;
  #unread = 0;

  /** The client has opened a stream. */
  watch(response: ServerResponse): void {
    this.#response = response;
    this.#unread = 0;
  }

  /** Is told of every message before it goes out on the stream. Ends the stream when too many wait to be read. */
  add(): void {
    if (this.#response?.writableNeedDrain !== true) {
      this.#unread = 0;
      return;
    }
    this.#unread += 1;
    if (this.#unread > MOST_UNREAD) this.#response.destroy();
  }
}
