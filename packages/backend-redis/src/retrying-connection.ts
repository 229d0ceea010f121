import { QueueClosedError } from '@slack-mcp/core';
import { retryUntil } from '@slack-mcp/core/backend';
import { type Argument, RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { toQueueError, type Wants } from './redis-error.ts';
import type { Script } from './script.ts';

/**
 * A connection that sends a command again if the connection is lost before the answer arrives. All commands must be
 * idempotent.
 */
export class RetryingConnection {
  readonly #options: ResolvedOptions;
  readonly #connection: RedisConnection;
  readonly #closing = new AbortController();
  readonly #name: string;
  readonly #wants: Wants;
  /**
   * Milliseconds for which Redis must remember a call: twice the sum of `timeoutMs` and the maximum duration of the
   * last attempt, to allow for slow clocks and networks.
   */
  readonly rememberedMs: number;

  /**
   * @param name - the name of the object that uses the connection, for errors
   * @param wants - the requirements of the commands at Redis, for errors
   */
  constructor(options: ResolvedOptions, role: string, name: string, wants: Wants) {
    this.#options = options;
    this.#connection = new RedisConnection(options, role);
    this.#name = name;
    this.#wants = wants;
    const { timeoutMs, responseTimeoutMs } = options;
    this.rememberedMs = 2 * (timeoutMs + 2 * responseTimeoutMs);
  }

  /**
   * Sends a command, and repeats it until Redis answers.
   *
   * @param doing - the operation, for errors; for example `reading task 42`
   * @throws QueueError - Redis refused the command, or (retryable) was unavailable for too long
   */
  call(doing: string, command: string, ...args: Argument[]): Promise<unknown> {
    return this.#retry(doing, () => this.#connection.call(command, ...args));
  }

  /** Runs a script, and repeats it until Redis answers. */
  run(doing: string, script: Script, keys: readonly string[], args: readonly Argument[] = []): Promise<unknown> {
    return this.#retry(doing, () => script.run(this.#connection, keys, args));
  }

  /** Closes the connection. Pending calls reject. */
  close(): void {
    this.#closing.abort();
    this.#connection.close();
  }

  async #retry(doing: string, attempt: () => Promise<unknown>): Promise<unknown> {
    const { timeoutMs, maxRetries, retryDelayMs, endpoint } = this.#options;
    const { signal } = this.#closing;
    const step = async (): Promise<unknown> => {
      if (signal.aborted) throw this.#closed();
      return attempt().catch((error: unknown) => {
        throw toQueueError(error, doing, endpoint, this.#wants);
      });
    };
    try {
      const options = { timeoutMs, maxRetries, initialDelayMs: retryDelayMs, jitter: 'full', signal } as const;
      return await retryUntil(step, options);
    } catch (error) {
      throw signal.aborted ? this.#closed() : error;
    }
  }

  #closed(): QueueClosedError {
    return new QueueClosedError(`the ${this.#name} is closed: create a new one`);
  }
}
