/** The right to publish one id. Settled once, one way or the other; a confirmation that comes after all still counts. */
export interface DedupeClaim {
  /** The queue has it: whoever asks within the window is told so. */
  confirm(): Promise<void>;
  /** It was not published: the next one to ask may. */
  release(): Promise<void>;
}

/**
 * Remembers what the queue has, in front of backends that would store the same message twice. It records successes
 * only: what failed may be tried again at once. It stands before the queue, so that a redrive never meets it.
 *
 * The default, {@link createMemoryDedupeStore}, is for one process. Several replicas share a store by giving one of
 * their own, for example two keys in Redis: a claim with a short life, and a success with the life of the window.
 */
export interface DedupeStore {
  /**
   * Resolves `published` when the queue has the id already, else with the right to publish it. While somebody else
   * holds that right, waits for the outcome.
   *
   * @param timeoutMs - milliseconds to wait for somebody else
   * @throws QueueTimeoutError - still not known
   */
  claim(id: string, timeoutMs: number): Promise<DedupeClaim | 'published'>;
}
