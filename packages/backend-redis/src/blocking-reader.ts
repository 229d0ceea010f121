import { setTimeout as elapse } from 'node:timers/promises';
import type { Argument, RedisConnection } from './client.ts';

/** Milliseconds between two attempts to end a wait that had not begun at Redis yet. */
const WAKE_RETRY_MS = 5;

/** A connection for reads that wait at Redis, and the way to end such a wait early. */
export class BlockingReader {
  readonly #connection: RedisConnection;
  /** Another connection: this one cannot say anything while it waits. */
  readonly #control: RedisConnection;
  readonly #canWake: boolean;
  #clientId: { readonly epoch: number; readonly id: number } | undefined;
  #waiting: Promise<unknown> | undefined;

  /**
   * @param canWake - false where a connection cannot be named, as in a cluster: a wait then ends by itself
   */
  constructor(connection: RedisConnection, control: RedisConnection, canWake: boolean) {
    this.#connection = connection;
    this.#control = control;
    this.#canWake = canWake;
  }

  /** Sends a read that answers at once. */
  read(args: readonly Argument[]): Promise<unknown> {
    return this.#connection.call(...(args as [string, ...Argument[]]));
  }

  /** Sends a read that waits, unless `unless` says otherwise once it could begin. */
  async readWaiting(args: readonly Argument[], unless: () => boolean): Promise<unknown> {
    await this.#identify();
    if (unless()) return null;
    const waiting = this.read(args);
    this.#waiting = waiting;
    try {
      return await waiting;
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Ends the wait, if there is one. Resolves whether none is left. Never rejects. */
  async wake(): Promise<boolean> {
    const waiting = this.#waiting;
    // The read may still be on its way: there is no wait to end yet.
    while (waiting !== undefined && this.#waiting === waiting) {
      const client = this.#clientId;
      if (client === undefined) return false;
      const ended = await this.#control.call('CLIENT', 'UNBLOCK', client.id).catch(() => undefined);
      if (ended === undefined) return false;
      if (ended === 1) return true;
      await elapse(WAKE_RETRY_MS);
    }
    return true;
  }

  /** Ends the wait for good: where it cannot be ended at Redis, together with the connection. Never rejects. */
  async stop(): Promise<void> {
    if (!(await this.wake())) this.close();
  }

  close(): void {
    this.#connection.close();
  }

  async #identify(): Promise<void> {
    const { epoch } = this.#connection;
    if (!this.#canWake || this.#clientId?.epoch === epoch) return;
    this.#clientId = { epoch, id: (await this.#connection.call('CLIENT', 'ID')) as number };
  }
}
