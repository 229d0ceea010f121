import { UnroutableError } from '@slack-mcp/core';
import type {
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
  ResolvedPublish,
} from '@slack-mcp/core/backend';
import type { AcmeClient } from './client.ts';
import { encodeMessage } from './codec.ts';

/**
 * FILL IN 4 of 5: how messages are published. `send` resolves with `stored` only after the broker has confirmed the
 * batch. If it rejects, the outcome is unknown, and the publisher sends the batch again with the same message ids. If
 * the broker confirms messages one by one, report each with `report`. If it refuses a message, resolve with `refused`.
 */
export class AcmeTarget implements PublishTarget {
  readonly #connection: () => AcmeClient;
  readonly #groups: readonly string[];
  /** The keys for which the configured groups exist. */
  readonly #ready = new Set<string>();

  /** @param groups - the groups of `QUEUE_GROUPS`, which receive every message from the first publish on */
  constructor(connection: () => AcmeClient, groups: readonly string[]) {
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
    const routed = await this.#connection().store(batch.map(({ message }) => encodeMessage(message)));
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
