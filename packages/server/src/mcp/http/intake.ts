import type { ServerResponse } from 'node:http';

/** What a server has taken on: at shutdown it is finished before anything is closed. */
export class Intake {
  /** What is asked and not answered, each with how to give it up. */
  readonly #work = new Set<{ giveUp?: (() => void) | undefined }>();
  readonly #responses = new Set<ServerResponse>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #flushed = Promise.withResolvers<void>();
  #isClosed = false;
  #isEnding = false;

  /** Whether nothing new is taken. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Something is asked. Returns how to say that it is answered. */
  begin(giveUp?: () => void): () => void {
    const work = { giveUp };
    this.#work.add(work);
    return () => {
      this.#work.delete(work);
      this.#look();
    };
  }

  /** A response is being written, be it an endless one. */
  watch(response: ServerResponse): void {
    this.#responses.add(response);
    response.once('close', () => {
      this.#responses.delete(response);
      this.#look();
    });
  }

  /** Takes nothing new. Resolves when all that was asked is answered, or given up. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#look();
    return this.#finished.promise;
  }

  /** Resolves when every response has gone out, or its connection is gone. */
  flushed(): Promise<void> {
    this.#isEnding = true;
    this.#look();
    return this.#flushed.promise;
  }

  /** Gives up what is not answered. */
  giveUp(): void {
    for (const { giveUp } of this.#work) giveUp?.();
    this.#finished.resolve();
  }

  #look(): void {
    if (this.#isClosed && this.#work.size === 0) this.#finished.resolve();
    if (this.#isEnding && this.#responses.size === 0) this.#flushed.resolve();
  }
}
