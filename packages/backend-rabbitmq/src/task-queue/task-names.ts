import { createHash } from 'node:crypto';
import { ConfigurationError } from '@slack-mcp/core';

/** The limit of AMQP for the name of a queue, in bytes. */
const MAX_NAME = 255;

/** The names of the objects at RabbitMQ that the task queue uses. */
export class TaskNames {
  /** The exchange that announces new messages. Its routing keys are names of queues. */
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
   * The queue of a task: without a prefix, the name that the Python package uses.
   *
   * @throws ConfigurationError - the id is too long for AMQP
   */
  queue(taskId: string): string {
    const name = `${this.#prefix}mcp:queue:${taskId}`;
    if (Buffer.byteLength(name) <= MAX_NAME) return name;
    throw new ConfigurationError(
      `the id of the task has ${Buffer.byteLength(taskId)} bytes: use at most ${MAX_NAME - Buffer.byteLength(this.queue(''))}`,
    );
  }

  /** The exclusive queue that a connection holds while no other may change the task's queue. */
  lock(queue: string): string {
    return `${this.#prefix}mcp:lock:${createHash('sha256').update(queue).digest('base64url')}`;
  }
}
