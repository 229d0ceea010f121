import type { ServerResponse } from 'node:http';

/**
 * The requests that a server has accepted. At shutdown, the server completes accepted requests before it closes other
 * components.
 */
export class Intake {
  /** Unanswered requests, each with a function that abandons the request. */
  readonly #work = new Set<{ giveUp?: (() => void) | undefined }>();
  readonly #responses = new Set<ServerResponse>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #flushed = Promise.withResolvers<void>();
  #isClosed = false;
  #isEnding = false;

  /** Whether new requests are refused. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Registers a request. Call the returned function when the request is answered. */
  begin(giveUp?: () => void): () => void {
    const work = { giveUp };
    this.#work.add(work);
    return () => {
      this.#work.delete(work);
      this.#look();
    };
  }

  /** Registers a response that is being written, including endless streams. */
  watch(response: ServerResponse): void {
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      this.#look();
    });
  }

  /** Refuses new requests. Resolves when all accepted requests are answered or abandoned. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#look();
    return this.#finished.promise;
  }

  /** Resolves when every response is sent, or its connection is closed. */
  flushed(): Promise<void> {
    this.#isEnding = true;
    this.#look();
    return this.#flushed.promise;
  }

  /** Abandons all unanswered requests. */
  giveUp(): void {
    for (const { giveUp } of this.#work) giveUp?.();
    this.#finished.resolve();
  }

  #look(): void {
    if (this.#isClosed && this.#work.size === 0) this.#finished.resolve();
    if (this.#isEnding && this.#responses.size === 0) this.#flushed.resolve();
  }
}
