import { randomUUID } from 'node:crypto';
import { type DeadLetter, LeaseLostError, type Logger } from '@slack-mcp/core';
import {
  type Credits,
  type Delivery,
  type DeliverySink,
  type DeliverySource,
  encodeParkingRecord,
  pause,
  type ResolvedConsumeOptions,
  readUntilStopped,
  retryAndLog,
  type SettleAttempt,
} from '@slack-mcp/core/backend';
import type { OwnedEntry, PostgresClient } from './client.ts';
import { decodeBody, describeEntry } from './codec.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { problemOf } from './problem.ts';

/** A delivery, and the row that it owns. */
export interface PostgresDelivery extends Delivery {
  readonly entry: OwnedEntry;
}

/** The options of the backend that a source needs. */
export interface SourceSettings {
  readonly logger: Logger;
  readonly retryDelayMs: number;
  readonly leaseMs: number;
  readonly pollMs: number;
}

/** Leases that an independent consumer may miss before its group ends. */
const MISSED_LEASES = 4;

/** Milliseconds between two removals of rows that no consumer needs. */
const SWEEP_MS = 60_000;

/** Consumes messages: reads rows with `SKIP LOCKED`, renews their leases, and deletes them when they are acked. */
export class PostgresSource implements DeliverySource<PostgresDelivery> {
  readonly #client: PostgresClient;
  readonly #options: ResolvedConsumeOptions;
  readonly #settings: SourceSettings;
  /** The group at the broker. An independent consumer has a group of its own, which ends with it. */
  readonly #group: string;
  readonly #keeper: LeaseKeeper;
  #sink: DeliverySink<PostgresDelivery> | undefined;
  #reading: Promise<void> | undefined;
  #isClosed = false;
  #nextSweep = performance.now() + SWEEP_MS;

  constructor(client: PostgresClient, options: ResolvedConsumeOptions, settings: SourceSettings) {
    this.#client = client;
    this.#options = options;
    this.#settings = settings;
    this.#group = options.group ?? `~${randomUUID()}`;
    this.#keeper = new LeaseKeeper({
      ...settings,
      client,
      lost: (delivery) => this.#sink?.revoke(delivery),
      also: () => this.#tidy(),
    });
  }

  async open(sink: DeliverySink<PostgresDelivery>, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    const { logger, retryDelayMs } = this.#settings;
    await retryAndLog(() => this.#join(), { logger, event: 'queue_join_failed', initialDelayMs: retryDelayMs, signal });
    if (signal.aborted) return;
    this.#keeper.start();
    const credits = sink.credits();
    const read = (): Promise<void> => this.#read(credits, signal);
    const failed = (cause: unknown) => problemOf(cause, 'reading');
    this.#reading = readUntilStopped({ sink, credits, readers: 1, retryDelayMs, logger, read, failed }, signal);
  }

  async begin(deliveries: readonly PostgresDelivery[]): Promise<void> {
    const begun = await this.#client.begin(deliveries.map(({ entry }) => entry));
    const missed = deliveries.filter(({ entry }) => !begun.has(entry.position));
    for (const delivery of missed) if (this.#keeper.holds(delivery)) this.#sink?.revoke(delivery);
  }

  ack(deliveries: readonly PostgresDelivery[], { repeated }: SettleAttempt): Promise<readonly PostgresDelivery[]> {
    return this.#keeper.settle(deliveries, async () => {
      const acked = await this.#client.ack(deliveries.map(({ entry }) => entry));
      const missed = deliveries.filter(({ entry }) => !acked.has(entry.position));
      if (!repeated || missed.length === 0) return missed;
      // An earlier attempt may have deleted the rows. Rows that still exist belong to another consumer.
      const rows = await this.#client.find(missed.map(({ entry }) => entry.position));
      return missed.filter(({ entry }) => rows.some(({ position }) => position === entry.position));
    });
  }

  async nack(delivery: PostgresDelivery, { delayMs }: { delayMs: number }, { repeated }: SettleAttempt): Promise<void> {
    const { entry, metadata } = delivery;
    const failures = entry.failures + 1;
    await this.#keeper.settle([delivery], async () => {
      const returned = await this.#client.giveBack([{ ...entry, failures, begun: metadata.deliveryCount }], delayMs);
      await this.#assertDone(entry, returned, repeated, (row) => row.failures >= failures);
    });
  }

  async deadLetter(
    delivery: PostgresDelivery,
    reason: DeadLetter['reason'],
    { repeated }: SettleAttempt,
  ): Promise<void> {
    await this.#keeper.settle([delivery], async () => {
      const parked = await this.#park(delivery.entry, reason);
      await this.#assertDone(delivery.entry, parked, repeated, (row) => row.parked !== null);
    });
  }

  async release(deliveries: readonly PostgresDelivery[], { begun }: { begun: boolean }): Promise<void> {
    await this.#keeper.settle(deliveries, async () => {
      const counted = deliveries.map(({ entry }) => ({ ...entry, begun: entry.begun + (begun ? 1 : 0) }));
      if (counted.length > 0) await this.#client.giveBack(counted, 0);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#keeper.close();
    await this.#reading;
    if (this.#options.group === undefined) await this.#client.removeGroup(this.#group);
    else await this.release(this.#keeper.held, { begun: true });
  }

  async #join(): Promise<void> {
    const independent = this.#options.group === undefined;
    const aliveMs = independent ? this.#settings.leaseMs * MISSED_LEASES : undefined;
    await this.#client.join(this.#group, this.#options.keys, aliveMs);
  }

  async #tidy(): Promise<void> {
    if (this.#options.group === undefined && !this.#isClosed) await this.#join();
    if (performance.now() < this.#nextSweep) return;
    this.#nextSweep = performance.now() + SWEEP_MS;
    await this.#client.sweep();
  }

  async #read(credits: Credits<PostgresDelivery>, signal: AbortSignal): Promise<void> {
    if (credits.left === 0) return;
    const entries = await this.#client.take(this.#group, this.#options.keys, credits.left);
    for (const entry of entries) await this.#deliver(entry, credits);
    if (entries.length === 0) await pause(this.#settings.pollMs, signal);
  }

  async #deliver(entry: OwnedEntry, credits: Credits<PostgresDelivery>): Promise<void> {
    let payload: PostgresDelivery['payload'];
    try {
      payload = decodeBody(entry.message);
    } catch (error) {
      return this.#refuse(entry, error as Error);
    }
    const { interrupted } = entry;
    const delivery = { entry, payload, interrupted, metadata: describeEntry(entry, this.#options.group) };
    this.#keeper.add(delivery);
    credits.deliver(delivery);
  }

  /** Parks a message that cannot be decoded. An independent consumer has no dead letters, so it skips the message. */
  async #refuse(entry: OwnedEntry, { name, message }: Error): Promise<void> {
    this.#settings.logger.warn({ key: entry.message.key, position: entry.position }, 'queue_message_undecodable');
    if (this.#options.group === undefined) await this.#client.ack([entry]);
    else await this.#park(entry, { code: 'UNDECODABLE', name, message });
  }

  #park(entry: OwnedEntry, reason: DeadLetter['reason']): Promise<Set<number>> {
    const id = String(entry.position);
    const record = encodeParkingRecord({ id, retryCount: entry.failures, at: Date.now(), reason });
    return this.#client.park(entry, record);
  }

  /** @throws LeaseLostError - neither this attempt nor an earlier one changed the row */
  async #assertDone(
    { position }: OwnedEntry,
    changed: ReadonlySet<number>,
    repeated: boolean,
    isDone: (row: { failures: number; parked: number | null }) => boolean,
  ): Promise<void> {
    if (changed.has(position)) return;
    const [row] = repeated ? await this.#client.find([position]) : [];
    if (row === undefined || !isDone(row)) throw new LeaseLostError('another consumer owns the message');
  }
}
