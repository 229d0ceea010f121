import { setTimeout as elapse } from 'node:timers/promises';
import { ConnectionError, isQueueError, type QueueError } from '@slack-mcp/core';
import type { OutgoingMessage, PublishOutcome, PublishTarget, ResolvedPublish } from '@slack-mcp/core/backend';
import { ReferenceBackend } from '../../src/reference/reference-backend.ts';

const PARTITIONS = 6;
const NODES = 3;
/** Milliseconds that the client itself tries again before it gives up. */
const CLIENT_PATIENCE_MS = 20;
const STORED: PublishOutcome = { status: 'stored' };

/**
 * Publishes as one does through kafkajs: one request for several partitions, an error for all of it when one partition
 * failed although others are stored, and leaders that move.
 */
export class KafkaLikeBackend extends ReferenceBackend {
  #requests = 0;

  protected override createTarget(): PublishTarget {
    const inner = super.createTarget();
    let metadata: readonly number[] = [];
    return {
      maxBatch: 500,
      // Until the leaders are known, all wait in one lane.
      laneOf: (message) => `leader ${metadata[partitionOf(message)] ?? 'unknown'} of ${message.key}`,
      connect: (lane) => {
        const connecting = inner.connect?.(lane);
        if (connecting === undefined && metadata.length > 0) return undefined;
        return (async () => {
          await connecting;
          metadata = await this.#leaders();
        })();
      },
      send: async (lane, batch, report): Promise<PublishOutcome> => {
        const partitions = [...Map.groupBy(batch.entries(), ([, { message }]) => partitionOf(message)).values()];
        try {
          await this.#sendAll(lane, partitions);
          return STORED;
        } catch (error) {
          metadata = [];
          if (partitions.length === 1) return toOutcome(error);
          // The error does not say which were stored: each partition goes again by itself.
          for (const partition of partitions) {
            const outcome = await this.#sendAll(lane, [partition]).then(() => STORED, toOutcome);
            for (const [index] of partition) report(index, outcome);
          }
          return STORED;
        }
      },
    };
  }

  /** Stores what can be stored, and fails as a whole when a partition could not. */
  async #sendAll(lane: string, partitions: readonly (readonly [number, OutgoingMessage][])[]): Promise<void> {
    this.#requests += 1;
    const { connection } = this;
    let failure: Error | undefined;
    for (const [place, partition] of partitions.entries()) {
      await elapse(1);
      // Now and then the leader of a partition has moved.
      const isLed = (this.#requests + place) % 7 !== 0;
      for (const [, { message }] of isLed ? partition : []) {
        const isUp = this.link.up && connection?.open === true;
        if (isUp && (await this.link.carry(connection, message.key, () => this.put(message)))) continue;
        failure = new ConnectionError(`${lane}: the connection was lost`);
        break;
      }
      if (!isLed) failure = new ConnectionError(`${lane}: not the leader of a partition`);
    }
    if (failure === undefined && (await this.answered(AbortSignal.timeout(60_000)))) return;
    await elapse(CLIENT_PATIENCE_MS);
    throw failure ?? new ConnectionError(`${lane}: no answer`);
  }

  async #leaders(): Promise<readonly number[]> {
    await elapse(1);
    this.#requests += 1;
    return Array.from({ length: PARTITIONS }, (_, partition) => (partition + this.#requests) % NODES);
  }
}

function toOutcome(cause: unknown): PublishOutcome {
  if (isQueueError(cause, 'ERR_QUEUE_FULL')) return { status: 'refused', error: cause, retry: false };
  return { status: 'unknown', error: cause as QueueError };
}

/** As kafkajs: by the hash of the key, and one after the other without one. */
function partitionOf({ orderingKey, messageId }: ResolvedPublish): number {
  let hash = 0;
  for (const unit of orderingKey ?? messageId) hash = (hash * 31 + unit.charCodeAt(0)) % 65_521;
  return hash % PARTITIONS;
}
