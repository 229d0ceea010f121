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
  readonly #tasks = new Map<string, Promise<void>>();
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

  /** Runs tasks with the same name one after the other. */
  readonly oneAtATime = <T>(name: string, task: () => Promise<T>): Promise<T> => {
    const before = this.#tasks.get(name) ?? Promise.resolve();
    const result = before.then(task);
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

  async close(): Promise<void> {
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }
}
