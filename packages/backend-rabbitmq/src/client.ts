import { randomUUID } from 'node:crypto';
import { RabbitMQConnection } from './connection.ts';
import { Names } from './names.ts';
import type { ResolvedOptions } from './options.ts';
import { Republisher } from './republisher.ts';
import { Topology } from './topology.ts';

/**
 * The connections of a backend. Publishing has its own connection, because RabbitMQ stops reading from a publishing
 * connection while an alarm is active, and acks must not wait for the end of the alarm.
 */
export class RabbitMQClient {
  readonly publishing: RabbitMQConnection;
  readonly consuming: RabbitMQConnection;
  readonly topology: Topology;
  readonly republisher: Republisher;
  /** The last known number of dead letters in each queue. */
  readonly parked: Map<string, number> = new Map();
  readonly #tasks = new Map<string, Promise<void>>();
  /** Number of tasks that have not begun, by name. */
  readonly #waiting = new Map<string, number>();
  #lastAt = 0;
  #sequence = 0;

  constructor(options: ResolvedOptions) {
    this.publishing = new RabbitMQConnection(options, 'publish');
    this.consuming = new RabbitMQConnection(options, 'consume');
    this.topology = new Topology(new Names(options), options);
    this.republisher = new Republisher(this.publishing, this.topology);
  }

  /** Returns a new id for a dead letter. The ids of one process sort by time. */
  parkingId(): string {
    const now = Date.now();
    this.#sequence = now > this.#lastAt ? 0 : this.#sequence + 1;
    this.#lastAt = Math.max(now, this.#lastAt);
    const time = String(this.#lastAt).padStart(15, '0');
    return `${time}-${String(this.#sequence).padStart(6, '0')}-${randomUUID().slice(0, 8)}`;
  }

  /** Whether a task with this name runs or waits, for example one that reads the dead letters of a queue. */
  isReading(name: string): boolean {
    return this.#tasks.has(name);
  }

  /** Whether a task waits for another task with the same name to end. */
  isAwaited(name: string): boolean {
    return (this.#waiting.get(name) ?? 0) > 0;
  }

  /** Runs tasks with the same name one after the other. */
  readonly oneAtATime = <T>(name: string, task: () => Promise<T>): Promise<T> => {
    const before = this.#tasks.get(name) ?? Promise.resolve();
    this.#wait(name, 1);
    const result = before.then(() => {
      this.#wait(name, -1);
      return task();
    });
    const done = result
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        if (this.#tasks.get(name) === done) this.#tasks.delete(name);
      });
    this.#tasks.set(name, done);
    return result;
  };

  #wait(name: string, change: 1 | -1): void {
    const count = (this.#waiting.get(name) ?? 0) + change;
    if (count === 0) this.#waiting.delete(name);
    else this.#waiting.set(name, count);
  }

  async close(): Promise<void> {
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }
}
