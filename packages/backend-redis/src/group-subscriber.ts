import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as elapse } from 'node:timers/promises';
import {
  type DeadLetter,
  type DeliverySink,
  type DeliverySource,
  LeaseLostError,
  QueueClosedError,
  type ResolvedConsumeOptions,
} from '@slack-mcp/core';
import { BlockingReader } from './blocking-reader.ts';
import { RedisConnection } from './client.ts';
import { GroupFeed, type Member, takeIntervalMs } from './group-feed.ts';
import { GroupStream, toLeaseLost } from './group-stream.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { ResolvedOptions } from './options.ts';
import { isPassing, pause } from './publish-lane.ts';
import { Quarantine } from './quarantine.ts';
import { ReadLoop } from './read-loop.ts';
import type { RedisDelivery } from './redis-delivery.ts';
import { toQueueError } from './redis-error.ts';
import { StreamNames } from './stream-names.ts';

/** Most milliseconds that leaving the broker takes. */
const LEAVE_TIMEOUT_MS = 2_000;
/** Part of the lease after which another member may have taken a message: from then on settling looks first. */
const SAFE_PART = 0.8;

/** A read loop with its connection: one, or in a cluster one for each key, since keys may lie on different nodes. */
interface Reading {
  readonly feed: GroupFeed;
  readonly reader: BlockingReader;
  readonly loop: ReadLoop;
}

/** One member of a group at Redis. */
export class GroupSubscriber implements DeliverySource<RedisDelivery> {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  readonly #consumer = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #closing = new AbortController();
  readonly #stopping = new AbortController();
  readonly #quarantine: Quarantine;
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
    this.#quarantine = new Quarantine(options.leaseMs);
  }

  async open(sink: DeliverySink<RedisDelivery>, signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#stop();
    signal.addEventListener('abort', stop, { once: true });
    this.#readings = this.#partition().map((keys, _, all) => this.#createReading(keys, all.length, sink));
    const start = this.#consume.from === 'earliest' ? '0' : '$';
    await this.#persist('joining the group', async () => {
      for (const { stream } of this.#members()) await stream.create(stream.isRedrive ? '0' : start);
    });
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

  async ack(deliveries: readonly RedisDelivery[]): Promise<readonly RedisDelivery[]> {
    const lost: RedisDelivery[] = [];
    for (const [name, ours] of Map.groupBy(deliveries, ({ stream }) => stream)) {
      lost.push(...(await this.#ackStream(this.#member(name), ours)));
    }
    return lost;
  }

  async nack(delivery: RedisDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const { id } = delivery.entry;
    const deliveries = delivery.metadata.retryCount + 1;
    const member = this.#member(delivery.stream);
    const dueInMs = Math.ceil(delayMs);
    if (this.#stopping.signal.aborted) {
      const lost = await this.#settle(member, 'giving back', () =>
        member.stream.release([{ id, deliveries, dueInMs }]),
      );
      member.holdings.forget(id);
      if (lost.has(id)) throw new LeaseLostError('another consumer holds the message');
      return;
    }
    const began = performance.now();
    const { leaseMs, maxDeliveries } = this.#options;
    await this.#settle(member, 'nacking', () => member.stream.delay(id, dueInMs, dueInMs > leaseMs, maxDeliveries));
    member.holdings.keep(id, Math.max(0, dueInMs - (performance.now() - began)), deliveries + 1, began);
  }

  async deadLetter({ stream: name, entry: { id } }: RedisDelivery, reason: DeadLetter['reason']): Promise<void> {
    const member = this.#member(name);
    await this.#settle(member, 'parking', (attempt) => member.stream.park(id, reason, attempt > 0));
    member.holdings.forget(id);
  }

  async release(deliveries: readonly RedisDelivery[]): Promise<void> {
    for (const [name, ours] of Map.groupBy(deliveries, ({ stream }) => stream)) {
      const member = this.#member(name);
      const releases = ours.map(({ entry: { id }, metadata }) => ({ id, deliveries: metadata.retryCount, dueInMs: 0 }));
      await this.#settle(member, 'releasing', () => member.stream.release(releases));
      for (const { id } of releases) member.holdings.forget(id);
    }
  }

  async close(): Promise<void> {
    this.#stop();
    this.#closing.abort();
    const patience = new AbortController();
    await Promise.race([
      this.#leave(),
      elapse(LEAVE_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    this.#keeper?.close();
    for (const { holdings } of this.#members()) holdings.clear();
    for (const { reader } of this.#readings) reader.close();
  }

  /** In a cluster the streams of different keys may lie on different nodes: no read can have both. */
  #partition(): string[][] {
    const { keys } = this.#consume;
    return this.#options.cluster === undefined ? [[...keys]] : keys.map((key) => [key]);
  }

  #createReading(keys: readonly string[], parts: number, sink: DeliverySink<RedisDelivery>): Reading {
    const { prefix, leaseMs, responseTimeoutMs, retryDelayMs, logger } = this.#options;
    const { group } = this.#consume;
    const streams = keys.flatMap((key) =>
      [false, true].map(
        (isRedrive) =>
          new GroupStream(this.#connection, new StreamNames(prefix, key), group, this.#consumer, isRedrive),
      ),
    );
    const blockMs = takeIntervalMs(leaseMs);
    const connection = new RedisConnection(this.#options, 'reader', blockMs + responseTimeoutMs);
    const reader = new BlockingReader(connection, this.#connection, this.#options.cluster === undefined);
    const quarantine = this.#quarantine;
    const feed = new GroupFeed(streams, this.#connection, this.#options, sink, quarantine, () => loop.wake());
    // What is free is for all parts together.
    const free = (): number => (quarantine.isOn ? 0 : Math.ceil(sink.free() / parts));
    const slot = async (): Promise<void> => {
      await quarantine.over(this.#stopping.signal);
      await sink.slot();
    };
    const fail = (error: Error): void => sink.fail(error);
    const loop: ReadLoop = new ReadLoop(feed, reader, { slot, fail }, free, { blockMs, retryDelayMs, logger });
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
    throw new QueueClosedError('the message is of another subscription');
  }

  #stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    for (const { loop } of this.#readings) loop.stop();
  }

  async #ackStream(member: Member, deliveries: readonly RedisDelivery[]): Promise<readonly RedisDelivery[]> {
    const { stream, holdings } = member;
    const ids = deliveries.map(({ entry }) => entry.id);
    const safe = performance.now() - this.#options.leaseMs * SAFE_PART;
    const certain = ids.every((id) => (holdings.get(id)?.leasedAt ?? Number.NEGATIVE_INFINITY) > safe);
    let lost = new Set<string>();
    try {
      await this.#settle(member, 'acking', async (attempt) => {
        if (certain && attempt === 0 && !stream.isRedrive) await stream.ack(ids);
        else lost = await stream.ackHeld(ids, attempt > 0);
      });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      lost = new Set(ids);
    }
    for (const id of ids) holdings.forget(id);
    return lost.size === 0 ? [] : deliveries.filter(({ entry }) => lost.has(entry.id));
  }

  /** @throws LeaseLostError - also when stream or group are gone */
  async #settle<T>(member: Member, doing: string, operation: (attempt: number) => Promise<T>): Promise<T> {
    const { key } = member.stream.names;
    return this.#persist(`${doing} a message of ${key}`, async (attempt) => {
      try {
        return await operation(attempt);
      } catch (error) {
        throw toLeaseLost(error);
      }
    });
  }

  /** Tries until it works, cannot work, or the time is over. */
  async #persist<T>(doing: string, operation: (attempt: number) => Promise<T>): Promise<T> {
    const { timeoutMs, endpoint, retryDelayMs, logger } = this.#options;
    const joining = this.#keeper === undefined;
    const deadline = joining ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
    const signal = joining ? this.#stopping.signal : this.#closing.signal;
    const logged = new Set<string>();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await operation(attempt);
      } catch (cause) {
        const error = toQueueError(cause, doing, endpoint);
        if (!isPassing(error) || performance.now() >= deadline) throw error;
        // Joining waits without end: what it waits for must be known.
        if (joining && !logged.has(error.message)) logger.warn({ err: error }, 'queue_join_failed');
        logged.add(error.message);
        if (!(await pause(attempt, retryDelayMs, signal))) throw error;
      }
    }
  }

  /** Gives back what is kept or came too late to be known, and leaves the group. */
  async #leave(): Promise<void> {
    await this.#loops;
    for (const { stream, holdings } of this.#members()) {
      try {
        const held = await stream.keep();
        const now = performance.now();
        const releases = [...held].map((id) => {
          const { delivery, deliveries = 0, dueAt = 0 } = holdings.get(id) ?? {};
          const dueInMs = Math.max(0, Math.ceil(dueAt - now));
          if (delivery !== undefined) return { id, deliveries: delivery.metadata.retryCount + 1, dueInMs };
          return { id, deliveries: deliveries > 0 ? deliveries - 1 : undefined, dueInMs };
        });
        if (releases.length > 0) await stream.release(releases);
        await stream.leave();
      } catch (err) {
        this.#options.logger.debug({ err, key: stream.names.key }, 'queue_leave_failed');
      }
    }
  }
}
