import { createHash } from 'node:crypto';
import type { Argument, RedisConnection } from './client.ts';
import { replyCode } from './redis-error.ts';

/** A Lua script that Redis runs atomically. */
export class Script {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  /** Runs the script by its digest, or sends the source if Redis does not know the script yet. */
  async run(connection: RedisConnection, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await connection.call('EVALSHA', this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return connection.call('EVAL', this.#source, keys.length, ...keys, ...args);
    }
  }
}
