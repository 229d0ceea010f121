import { randomUUID } from 'node:crypto';
import { type DeadLetter, isQueueError, LeaseLostError, type Logger, PublishError } from '@slack-mcp/core';
import {
  type Credits,
  type Delivery,
  type DeliverySink,
  type DeliverySource,
  encodeParkingRecord,
  type ResolvedConsumeOptions,
  readUntilStopped,
  retryAndLog,
} from '@slack-mcp/core/backend';
import type { AcmeClient, Entry } from './client.ts';
import { decodeBody, describeEntry } from './codec.ts';

/** A delivery, and what the broker needs to settle it. */
export interface AcmeDelivery extends Delivery {
  readonly entry: Entry;
}

/** Milliseconds that a read waits for a message. */
const WAIT_MS = 1_000;

/**
 * FILL IN 5 of 5: how messages are consumed. Each method makes one attempt: `createSubscription` of
 * `@slack-mcp/core/backend` repeats an attempt that rejected. If the broker says that another consumer owns a message,
 * throw `LeaseLostError`. If your broker takes messages away from silent consumers, extend the leases of the messages in
 * flight, and call `sink.revoke` for a message that was lost.
 */
export class AcmeSource implements DeliverySource<AcmeDelivery> {
  readonly #client: AcmeClient;
  readonly #options: ResolvedConsumeOptions;
  readonly #settings: { readonly logger: Logger; readonly retryDelayMs: number };
  readonly #owner = randomUUID();
  /** The group at the broker. An independent consumer has a group of its own, which ends with it. */
  readonly #group: string;
  #reading: Promise<void> | undefined;

  constructor(
    client: AcmeClient,
    options: ResolvedConsumeOptions,
    settings: { readonly logger: Logger; readonly retryDelayMs: number },
  ) {
    this.#client = client;
    this.#options = options;
    this.#settings = settings;
    this.#group = options.group ?? `~${this.#owner}`;
  }

  async open(sink: DeliverySink<AcmeDelivery>, signal: AbortSignal): Promise<void> {
    const { logger, retryDelayMs } = this.#settings;
    const join = (): Promise<void> => this.#client.join(this.#group, this.#options.keys);
    await retryAndLog(join, { logger, event: 'queue_join_failed', initialDelayMs: retryDelayMs, signal });
    if (signal.aborted) return;
    const credits = sink.credits();
    const read = (): Promise<void> => this.#read(credits, signal);
    const reader = { sink, credits, readers: 1, retryDelayMs, logger, read, failed: asQueueError };
    this.#reading = readUntilStopped(reader, signal);
  }

  async ack(deliveries: readonly AcmeDelivery[]): Promise<readonly AcmeDelivery[]> {
    const positions = deliveries.map(({ entry }) => entry.position);
    const lost = await this.#client.ack(this.#group, this.#owner, positions);
    return deliveries.filter(({ entry }) => lost.includes(entry.position));
  }

  async nack({ entry, metadata }: AcmeDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const counts = { failures: entry.failures + 1, begun: metadata.deliveryCount };
    owned(await this.#client.giveBack(this.#group, this.#owner, { ...entry, ...counts }, delayMs));
  }

  async deadLetter({ entry }: AcmeDelivery, reason: DeadLetter['reason']): Promise<void> {
    owned(await this.#park(entry, reason));
  }

  async release(deliveries: readonly AcmeDelivery[], { begun }: { begun: boolean }): Promise<void> {
    for (const { entry } of deliveries) {
      const counted = { ...entry, begun: entry.begun + (begun ? 1 : 0) };
      await this.#client.giveBack(this.#group, this.#owner, counted, 0);
    }
  }

  async close(): Promise<void> {
    await this.#reading;
    if (this.#options.group === undefined) await this.#client.removeGroup(this.#group);
    else await this.#client.leave(this.#group, this.#owner);
  }

  async #read(credits: Credits<AcmeDelivery>, signal: AbortSignal): Promise<void> {
    const { keys, group } = this.#options;
    const request = { group: this.#group, owner: this.#owner, keys, limit: credits.left, waitMs: WAIT_MS, signal };
    for (const entry of await this.#client.take(request)) {
      let payload: AcmeDelivery['payload'];
      try {
        payload = decodeBody(entry.message);
      } catch (error) {
        await this.#refuse(entry, error as Error);
        continue;
      }
      credits.deliver({ entry, payload, metadata: describeEntry(entry, group) });
    }
  }

  /** Parks a message that cannot be decoded. An independent consumer has no dead letters, so it skips the message. */
  async #refuse(entry: Entry, { name, message }: Error): Promise<void> {
    const { logger } = this.#settings;
    logger.warn({ key: entry.message.key, position: entry.position }, 'queue_message_undecodable');
    if (this.#options.group === undefined) await this.#client.ack(this.#group, this.#owner, [entry.position]);
    else await this.#park(entry, { code: 'UNDECODABLE', name, message });
  }

  #park({ position, failures }: Entry, reason: DeadLetter['reason']): Promise<boolean> {
    const record = encodeParkingRecord({ id: String(position), retryCount: failures, at: Date.now(), reason });
    return this.#client.park(this.#group, this.#owner, position, record);
  }
}

function owned(isOwner: boolean): void {
  if (!isOwner) throw new LeaseLostError('another consumer owns the message');
}

/** Errors of the client are errors of the contract. Anything else is a defect, and is retried. */
function asQueueError(cause: unknown): PublishError {
  if (isQueueError(cause)) return cause as PublishError;
  return new PublishError(`reading failed: ${(cause as Error).message}`, { cause, retryable: true });
}
