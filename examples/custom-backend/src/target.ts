import { type QueueError, UnroutableError } from '@slack-mcp/core';
import type {
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
  ResolvedPublish,
} from '@slack-mcp/core/backend';
import type { PostgresClient } from './client.ts';
import { encodeMessage } from './codec.ts';
import { refusesWrites } from './problem.ts';

/** Publishes messages: one statement stores a batch. */
export class PostgresTarget implements PublishTarget {
  readonly #connection: () => PostgresClient;
  readonly #groups: readonly string[];
  /** The keys for which the configured groups exist. */
  readonly #ready = new Set<string>();

  /** @param groups - the groups of `QUEUE_GROUPS`, which receive every message from the first publish on */
  constructor(connection: () => PostgresClient, groups: readonly string[]) {
    this.#connection = connection;
    this.#groups = groups;
  }

  /** Messages of one lane are stored in order. Use a lane for each part of the broker that can fail alone. */
  laneOf({ key }: ResolvedPublish): string {
    return key;
  }

  connect(key: string): Promise<void> | undefined {
    return this.#ready.has(key) ? undefined : this.#createGroups(key);
  }

  async send(_lane: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome> {
    let routed: boolean[];
    try {
      routed = await this.#connection().store(batch.map(({ message }) => encodeMessage(message)));
    } catch (cause) {
      const error = cause as QueueError;
      return refusesWrites(error) ? { status: 'refused', error, retry: true } : { status: 'unknown', error };
    }
    for (const [index, { message }] of batch.entries()) {
      if (!routed[index]) report(index, { status: 'refused', error: unroutable(message.key), retry: false });
    }
    return { status: 'stored' };
  }

  async #createGroups(key: string): Promise<void> {
    for (const group of this.#groups) await this.#connection().join(group, [key]);
    this.#ready.add(key);
  }
}

function unroutable(key: string): UnroutableError {
  return new UnroutableError(`no group receives ${key}: set QUEUE_GROUPS, or start a consumer first`);
}
