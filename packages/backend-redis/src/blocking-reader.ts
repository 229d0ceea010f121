import { setTimeout as elapse } from 'node:timers/promises';
import type { Argument, RedisConnection } from './client.ts';

/** Milliseconds between two attempts to end a blocking read that Redis has not started yet. */
const WAKE_RETRY_MS = 5;

/** A connection for blocking reads, with a way to end a blocking read early. */
export class BlockingReader {
  readonly #connection: RedisConnection;
  /** A second connection, because a connection cannot send commands while a read blocks it. */
  readonly #control: RedisConnection;
  readonly #canWake: boolean;
  #clientId: { readonly epoch: number; readonly id: number } | undefined;
  #waiting: Promise<unknown> | undefined;

  /**
   * @param canWake - false if a connection cannot be addressed by its id, as in a cluster; each blocking read then lasts until its timeout
   */
  constructor(connection: RedisConnection, control: RedisConnection, canWake: boolean) {
    this.#connection = connection;
    this.#control = control;
    this.#canWake = canWake;
  }

  /** Sends a read that Redis answers at once. */
  read(args: readonly Argument[]): Promise<unknown> {
    return this.#connection.call(...(args as [string, ...Argument[]]));
  }

  /** Sends a blocking read. Returns null without sending the read if `unless` returns true first. */
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

  /** Ends the current blocking read, if any. Resolves to false if Redis could not end the read. Never rejects. */
  async wake(): Promise<boolean> {
    const waiting = this.#waiting;
    // The read may still be on its way to Redis. Then there is no wait to end yet.
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

  /** Ends the current blocking read, and closes the connection if Redis cannot end the read. Never rejects. */
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
