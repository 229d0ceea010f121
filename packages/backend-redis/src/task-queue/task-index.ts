import type { Task } from '@modelcontextprotocol/sdk/types.js';
import type { RetryingConnection } from '../retrying-connection.ts';
import { ADD_POSITION } from './store-scripts.ts';
import { beside, tasksKey } from './task-keys.ts';
import { decodeCursor, encodeCursor, encodePosition, taskIdAt } from './task-position.ts';

const PAGE_SIZE = 10;
/** Number of positions to read at a time. Some positions may belong to tasks that no longer exist. */
const CHUNK_SIZE = 2 * PAGE_SIZE;

/**
 * The order in which tasks were created, as sorted sets of positions: a set for all tasks, a set for each session, and
 * a set for tasks without a session. In a cluster, the sets are in one slot and the tasks in others, so a position may
 * exist longer than its task.
 */
export class TaskIndex {
  readonly #connection: RetryingConnection;
  readonly #all: string;
  #last = 0;

  constructor(connection: RetryingConnection, prefix: string) {
    this.#connection = connection;
    this.#all = tasksKey(prefix);
  }

  /**
   * Adds the position of a task that is about to be created.
   *
   * @param session - the session's digest, or `''`
   * @returns the time of creation
   */
  async add(taskId: string, session: string, ttl: number | null): Promise<string> {
    const now = Date.now();
    // Tasks created in the same millisecond keep their order.
    this.#last = Math.max(now * 1_000, this.#last + 1);
    // The time to live restarts once, when the task becomes final.
    const life = ttl === null ? undefined : 2 * ttl;
    const expiresAt = life === undefined ? undefined : now + life;
    const position = encodePosition({ createdAt: this.#last, expiresAt, taskId });
    const keys = [this.#all, this.#keyOf(session)];
    await this.#connection.run('creating a task', ADD_POSITION, keys, [position, now, life ?? '']);
    return new Date(now).toISOString();
  }

  /** Reads up to ten tasks that still exist. */
  async page(
    cursor: string | undefined,
    session: string,
    read: (taskId: string) => Promise<Task | null>,
  ): Promise<{ found: Task[]; nextCursor: string | undefined }> {
    const keys = session === '' ? [this.#all] : [this.#keyOf(session), this.#keyOf('')];
    const found: { position: string; task: Task }[] = [];
    let from = cursor ? `(${decodeCursor(cursor)}` : '-';
    for (let more = true; more && found.length <= PAGE_SIZE; ) {
      const positions = await this.#positions(keys, from);
      const tasks = await Promise.all(positions.map((position) => read(taskIdAt(position))));
      for (const [index, position] of positions.entries()) {
        const task = tasks[index];
        if (task) found.push({ position, task });
      }
      from = `(${positions.at(-1)}`;
      more = positions.length === CHUNK_SIZE;
    }
    const page = found.slice(0, PAGE_SIZE);
    const last = found.length > PAGE_SIZE ? page.at(-1) : undefined;
    return { found: page.map(({ task }) => task), nextCursor: last && encodeCursor(last.position) };
  }

  /** Returns the next positions of several sets in one sorted list. */
  async #positions(keys: readonly string[], from: string): Promise<string[]> {
    const read = (key: string): Promise<unknown> =>
      this.#connection.call('listing tasks', 'ZRANGEBYLEX', key, from, '+', 'LIMIT', 0, CHUNK_SIZE);
    const chunks = (await Promise.all(keys.map(read))) as string[][];
    return chunks.flat().sort().slice(0, CHUNK_SIZE);
  }

  #keyOf(session: string): string {
    return beside(this.#all, session === '' ? 'no-session' : `session:${session}`);
  }
}
