import { createHash } from 'node:crypto';
import type { Argument, RedisConnection } from './client.ts';
import { replyCode } from './redis-error.ts';

/** Lua that runs at Redis as one step: nothing else happens between its commands. */
export class Script {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  /** Runs it by its digest, and by its text where Redis does not have it yet. */
  async run(connection: RedisConnection, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await connection.call('EVALSHA', this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (replyCode(error) !== 'NOSCRIPT') throw error;
      return connection.call('EVAL', this.#source, keys.length, ...keys, ...args);
    }
  }
}
