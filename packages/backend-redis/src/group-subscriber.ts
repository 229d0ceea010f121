import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type DeadLetter, isQueueError, LeaseLostError, QueueClosedError, withinTime } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  type ResolvedConsumeOptions,
  retryAndLog,
  type SettleAttempt,
} from '@slack-mcp/core/backend';
import { BlockingReader } from './blocking-reader.ts';
import { RedisConnection } from './client.ts';
import { encodeCounts } from './delivery-count.ts';
import { GroupFeed, type Member, takeIntervalMs } from './group-feed.ts';
import { GroupStream, type Parking, type Release } from './group-stream.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { ResolvedOptions } from './options.ts';
import { ReadLoop } from './read-loop.ts';
import type { RedisDelivery } from './redis-delivery.ts';
import { isNoGroup, toQueueError } from './redis-error.ts';
import { StreamNames } from './stream-names.ts';

/** Maximum time in milliseconds for leaving the group. */
const LEAVE_TIMEOUT_MS = 2_000;
/**
 * The fraction of the lease in which no other member can have taken a message. A later settlement checks first whether
 * this consumer still owns the message.
 */
const SAFE_PART = 0.8;
const DELETED = { code: 'DELETED', message: 'its entry was deleted from the stream while a consumer held it' } as const;

/**
 * A read loop with its feed and its connection. In a cluster, each key has its own loop, because keys may be on
 * different nodes.
 */
interface Reading {
  readonly feed: GroupFeed;
  readonly reader: BlockingReader;
  readonly loop: ReadLoop<RedisDelivery>;
}

/** A member of a consumer group in Redis. */
export class GroupSubscriber implements DeliverySource<RedisDelivery> {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  readonly #consumer = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #stopping = new AbortController();
  #readings: readonly Reading[] = [];
  #loops: Promise<unknown> = Promise.resolve();
  #keeper: LeaseKeeper | undefined;

  constructor(
    connection: RedisConnection,
    options: ResolvedOptions,
    consume: ResolvedConsumeOptions & { group: string },
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#consume = consume;
  }

  async open(sink: DeliverySink<RedisDelivery>, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    this.#readings = this.#partition().map((keys, _, all) => this.#createReading(keys, all.length, sink));
    await this.#join();
    if (this.#stopping.signal.aborted) return;
    const onLost = (member: Member, delivery: RedisDelivery): void => {
      sink.revoke(delivery);
      this.#options.logger.warn({ key: member.stream.names.key, group: member.stream.group }, 'queue_lease_lost');
    };
    const onUnknown = (member: Member): void => {
      for (const { feed, loop } of this.#readings) {
        if (feed.find(member.stream.name) !== member) continue;
        feed.doubt();
        loop.wake();
      }
    };
    this.#keeper = new LeaseKeeper([...this.#members()], this.#options, onLost, onUnknown);
    this.#loops = Promise.all(this.#readings.map(({ loop }) => loop.run(this.#stopping.signal)));
  }

  laneOf({ stream }: RedisDelivery): string {
    return stream;
  }

  begin(deliveries: readonly RedisDelivery[]): Promise<void> {
    return this.#eachStream(deliveries, async (member, ours) => {
      const begun = ours.map(({ entry: { id }, counts }) => ({ id, count: encodeCounts(withLoss(counts)) }));
      const lost = await this.#settle(member, 'counting', begun, () => member.stream.begin(begun));
      if (lost.size === deliveries.length)
        throw new LeaseLostError('another consumer holds the message and will settle it');
    });
  }

  async ack(deliveries: readonly RedisDelivery[], { repeated }: SettleAttempt): Promise<readonly RedisDelivery[]> {
    const lost: RedisDelivery[] = [];
    await this.#eachStream(deliveries, async (member, ours) => {
      const { stream, holdings } = member;
      const ids = ours.map(({ entry }) => entry.id);
      const safe = performance.now() - this.#options.leaseMs * SAFE_PART;
      const certain = ids.every((id) => (holdings.get(id)?.leasedAt ?? Number.NEGATIVE_INFINITY) > safe);
      const gone = await this.#settle(member, 'acking', idsOf(ours), async () => {
        if (!certain || repeated || stream.isRedrive) return stream.ackHeld(ids, repeated);
        await stream.ack(ids);
        return new Set<string>();
      });
      for (const id of ids) holdings.forget(id);
      if (gone.size > 0) lost.push(...ours.filter(({ entry }) => gone.has(entry.id)));
    });
    return lost;
  }

  async nack(delivery: RedisDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const { entry, counts } = delivery;
    const { stream, holdings } = this.#member(delivery.stream);
    const dueInMs = Math.ceil(delayMs);
    const count = encodeCounts({ ...counts, failures: counts.failures + 1 });
    if (this.#stopping.signal.aborted) return this.#release(delivery.stream, [{ id: entry.id, count, dueInMs }]);
    const began = performance.now();
    const written = dueInMs > this.#options.leaseMs;
    const kept = await this.#settle({ stream, holdings }, 'nacking', [entry], () =>
      stream.delay(entry.id, count, dueInMs, written),
    );
    if (kept) holdings.keep(entry.id, Math.max(0, dueInMs - (performance.now() - began)), began);
    else await this.#parkDeleted(delivery);
  }

  async deadLetter(delivery: RedisDelivery, reason: DeadLetter['reason'], { repeated }: SettleAttempt): Promise<void> {
    await this.#park(delivery, reason, repeated);
  }

  async release(deliveries: readonly RedisDelivery[], { begun }: { begun: boolean }): Promise<void> {
    await this.#eachStream(deliveries, async ({ stream }, ours) => {
      const releases = ours.map(({ entry: { id }, counts }) => {
        return { id, count: encodeCounts(begun ? withLoss(counts) : counts), dueInMs: 0 };
      });
      await this.#release(stream.name, releases);
    });
  }

  async close(): Promise<void> {
    this.#stop();
    await withinTime(this.#leave(), LEAVE_TIMEOUT_MS);
    this.#keeper?.close();
    for (const { holdings } of this.#members()) holdings.clear();
    for (const { reader } of this.#readings) reader.close();
  }

  /**
   * Splits the keys into sets that one read can cover. In a cluster, each key is in its own set, because keys may be on
   * different nodes.
   */
  #partition(): string[][] {
    const { keys } = this.#consume;
    return this.#options.cluster === undefined ? [[...keys]] : keys.map((key) => [key]);
  }

  #createReading(keys: readonly string[], loops: number, sink: DeliverySink<RedisDelivery>): Reading {
    const { prefix, leaseMs, responseTimeoutMs, retryDelayMs, logger } = this.#options;
    const { group, prefetch } = this.#consume;
    const streams = keys.flatMap((key) =>
      [false, true].map(
        (isRedrive) =>
          new GroupStream(this.#connection, new StreamNames(prefix, key), group, this.#consumer, isRedrive),
      ),
    );
    const blockMs = takeIntervalMs(leaseMs);
    const connection = new RedisConnection(this.#options, 'reader', blockMs + responseTimeoutMs);
    const reader = new BlockingReader(connection, this.#connection, this.#options.cluster === undefined);
    const credits = sink.credits();
    const feed = new GroupFeed(streams, this.#connection, this.#options, credits, () => loop.wake());
    const settings = { loops, prefetch, blockMs, retryDelayMs, logger };
    const loop: ReadLoop<RedisDelivery> = new ReadLoop(feed, reader, sink, credits, settings);
    return { feed, reader, loop };
  }

  *#members(): Generator<Member> {
    for (const { feed } of this.#readings) yield* feed.members;
  }

  #member(stream: string): Member {
    for (const { feed } of this.#readings) {
      const member = feed.find(stream);
      if (member !== undefined) return member;
    }
    throw new QueueClosedError('the message belongs to another subscription: settle it there');
  }

  #stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    for (const { loop } of this.#readings) loop.stop();
  }

  async #eachStream(
    deliveries: readonly RedisDelivery[],
    run: (member: Member, ours: readonly RedisDelivery[]) => Promise<void>,
  ): Promise<void> {
    const byStream = Map.groupBy(deliveries, ({ stream }) => stream);
    await Promise.all([...byStream].map(([stream, ours]) => run(this.#member(stream), ours)));
  }

  async #release(stream: string, releases: readonly Release[]): Promise<void> {
    const member = this.#member(stream);
    const lost = await this.#settle(member, 'releasing', releases, () => member.stream.release(releases));
    for (const { id } of releases) member.holdings.forget(id);
    if (lost.size === releases.length)
      throw new LeaseLostError('another consumer holds the message and will settle it');
  }

  async #park(delivery: RedisDelivery, reason: DeadLetter['reason'], repeated: boolean): Promise<void> {
    const { entry, counts } = delivery;
    const member = this.#member(delivery.stream);
    const parking: Parking = { id: entry.id, retryCount: counts.failures, reason, fields: [...entry.fields], repeated };
    await this.#settle(member, 'parking', [entry], () => member.stream.park(parking));
    member.holdings.forget(entry.id);
  }

  /**
   * Parks the consumer's own copy of a message whose entry was deleted from the stream. A message without an entry
   * cannot be delivered again.
   */
  async #parkDeleted(delivery: RedisDelivery): Promise<never> {
    await this.#park(delivery, DELETED, true);
    const { key, group } = delivery.metadata;
    this.#options.logger.warn({ key, group, id: delivery.entry.id }, 'queue_message_deleted');
    throw new LeaseLostError(
      `the entry ${delivery.entry.id} of ${key} was deleted from the stream: the message is in the dead letters of ${group}; to deliver it again, redrive it`,
    );
  }

  /** @throws LeaseLostError - another consumer holds the message, or the stream or the group was deleted */
  async #settle<T>(
    { stream, holdings }: Member,
    doing: string,
    items: readonly { id: string }[],
    operation: () => Promise<T>,
  ): Promise<T> {
    try {
      return await operation();
    } catch (cause) {
      const error = isNoGroup(cause)
        ? new LeaseLostError('the stream or its group was deleted, so the message can no longer be settled', { cause })
        : toQueueError(cause, `${doing} a message of ${stream.names.key}`, this.#options.endpoint);
      // No settlement will follow, so the lease must end.
      if (isQueueError(error) && !error.retryable) for (const { id } of items) holdings.forget(id);
      throw error;
    }
  }

  /**
   * Joins the group. Waits while Redis is unavailable or refuses writes. Rejects on errors that waiting cannot resolve.
   */
  async #join(): Promise<void> {
    const { endpoint, retryDelayMs, logger } = this.#options;
    const start = this.#consume.from === 'earliest' ? '0' : '$';
    const join = async (): Promise<void> => {
      try {
        const members = [...this.#members()];
        await Promise.all(members.map(({ stream }) => stream.create(stream.isRedrive ? '0' : start)));
      } catch (cause) {
        throw toQueueError(cause, 'joining the group', endpoint);
      }
    };
    const { signal } = this.#stopping;
    await retryAndLog(join, { initialDelayMs: retryDelayMs, signal, logger, event: 'queue_join_failed' });
  }

  /** Releases every message that this consumer still holds, and leaves the group. */
  async #leave(): Promise<void> {
    await this.#loops;
    for (const { stream, holdings } of this.#members()) {
      try {
        const releases = [...(await stream.keep())].map((id) => {
          const delivery = holdings.get(id)?.delivery;
          return { id, count: delivery ? encodeCounts(delivery.counts) : 0, dueInMs: holdings.dueInMs(id) };
        });
        if (releases.length > 0) await stream.release(releases);
        await stream.leave();
      } catch (err) {
        this.#options.logger.debug({ err, key: stream.names.key }, 'queue_leave_failed');
      }
    }
  }
}

function idsOf(deliveries: readonly RedisDelivery[]): { id: string }[] {
  return deliveries.map(({ entry: { id } }) => ({ id }));
}

function withLoss(counts: RedisDelivery['counts']): RedisDelivery['counts'] {
  return { ...counts, losses: counts.losses + 1 };
}
