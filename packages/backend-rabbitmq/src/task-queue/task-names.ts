import { createHash } from 'node:crypto';
import { ConfigurationError } from '@slack-mcp/core';

/** Maximum length in bytes that AMQP allows for the name of a queue. */
const MAX_NAME = 255;

/** The names of the objects at RabbitMQ that the task queue uses. */
export class TaskNames {
  /** The exchange that announces new messages. The routing key of an announcement is the name of the queue. */
  readonly arrivals: string;
  /** The queue for messages that cannot be read. */
  readonly unreadable: string;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.arrivals = `${prefix}mcp:arrivals`;
    this.unreadable = `${prefix}mcp:unreadable`;
  }

  /**
   * Returns the name of a task's queue. Without a prefix, the Python package uses the same name.
   *
   * @throws ConfigurationError - the id is too long for AMQP
   */
  queue(taskId: string): string {
    const name = `${this.#prefix}mcp:queue:${taskId}`;
    if (Buffer.byteLength(name) <= MAX_NAME) return name;
    throw new ConfigurationError(
      `the task id is ${Buffer.byteLength(taskId)} bytes long: use at most ${MAX_NAME - Buffer.byteLength(this.queue(''))} bytes`,
    );
  }

  /** Returns the name of the exclusive queue that locks a task's queue. */
  lock(queue: string): string {
    return `${this.#prefix}mcp:lock:${createHash('sha256').update(queue).digest('base64url')}`;
  }
}
