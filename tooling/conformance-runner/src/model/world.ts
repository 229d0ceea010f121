import { setTimeout as elapse, setImmediate as nextTurn } from 'node:timers/promises';
import type { ConformanceHarness } from '@slack-mcp/conformance';
import type { QueueBackend, QueueMessage } from '@slack-mcp/core';
import { ask, type Consumer, type Held } from './consumer.ts';
import { Pool } from './pool.ts';

const KEY = 'events';

/** The backend and the model of it, side by side: whatever is done to one is done to the other. */
export class World {
  readonly pools = new Map<string, Pool>();
  readonly consumers: Consumer[] = [];
  readonly #deadlineMs: number;
  readonly #harness: ConformanceHarness;
  readonly #namespace: string;
  readonly #backends: QueueBackend[];
  readonly #history: number[] = [];

  /** @param deadlineMs - how long something may take that must come */
  constructor(harness: ConformanceHarness, namespace: string, owed: readonly string[], deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
    this.#harness = harness;
    this.#namespace = namespace;
    const create = (): QueueBackend => harness.create({ namespace, keys: [KEY], groups: owed });
    this.#backends = [create(), create()];
    for (const group of owed) this.pools.set(group, new Pool(group));
  }

  get published(): number {
    return this.#history.length;
  }

  backend(index = 0): QueueBackend {
    return this.#backends[index % this.#backends.length] as QueueBackend;
  }

  /** Publishes a new message, or publishes an earlier message again. */
  async publish(n: number): Promise<void> {
    await this.backend(n).publish(KEY, { n }, { messageId: `m${n}` });
    if (n < this.published) return;
    this.#history.push(n);
    for (const pool of this.#audience()) pool.add(n);
  }

  async open(group: string | undefined, prefetch: number, from: 'earliest' | 'latest'): Promise<void> {
    let pool = group === undefined ? undefined : this.pools.get(group);
    if (pool === undefined) {
      pool = new Pool(group);
      if (group !== undefined) {
        this.pools.set(group, pool);
        if (from === 'earliest') for (const n of this.#history) pool.add(n);
      }
    }
    const controller = new AbortController();
    const { signal } = controller;
    const options = { signal, prefetch, from, ack: 'manual', ...(group === undefined ? {} : { group }) } as const;
    const subscription = this.backend(this.consumers.length).consume(options);
    await subscription.ready;
    const [inHand, answers]: [Held[], Consumer['answers']] = [[], []];
    const state = { stopped: false, waiting: false };
    this.consumers.push({ pool, subscription, controller, prefetch, inHand, answers, ...state });
  }

  /** All members of a pool request messages. Every message that can be delivered must be delivered. */
  async pull(pool: Pool): Promise<void> {
    const free = (): Consumer[] =>
      this.consumers.filter(
        (consumer) => consumer.pool === pool && !consumer.stopped && consumer.inHand.length < consumer.prefetch,
      );
    const end = performance.now() + this.#deadlineMs;
    while (pool.in('ready').length > 0 && free().length > 0) {
      for (const consumer of free()) ask(consumer);
      const before = pool.in('ready').length;
      await this.observe();
      if (pool.in('ready').length < before) continue;
      // A message that was lost twice waits until its consumer has nothing else in flight, and nothing comes beside it.
      if (this.#isolates(pool)) return;
      await elapse(1);
      if (performance.now() > end) {
        const owed = pool.in('ready').map((entry) => entry.n);
        throw new Error(`${name(pool)} requested the messages ${owed.join(', ')}, but received none`);
      }
    }
  }

  /** Compares the messages that were delivered since the last call with the model. */
  async observe(): Promise<void> {
    await nextTurn();
    await nextTurn();
    for (const consumer of this.consumers) {
      for (const answer of consumer.answers.splice(0)) {
        if (answer.done) {
          if (!consumer.stopped) throw new Error(`a consumer of ${name(consumer.pool)} ended by itself`);
          continue;
        }
        this.#receive(consumer, answer.value);
      }
    }
  }

  /** Takes all messages from a consumer, and returns them. */
  lose(consumer: Consumer, counted: 'loss' | 'not'): Held[] {
    consumer.stopped = true;
    const held = consumer.inHand.splice(0);
    for (const { entry } of held) consumer.pool.giveBack(entry, counted);
    return held;
  }

  /** Checks that the dead letters equal the dead letters in the model. */
  async compareDeadLetters(pool: Pool & { group: string }): Promise<void> {
    const { items } = await this.backend().deadLetters({ group: pool.group }).list({ limit: 1000 });
    const listed = items.map((item) => item.payload?.['n']).sort();
    const expected = pool
      .in('parked')
      .map((entry) => entry.n)
      .sort();
    if (JSON.stringify(listed) !== JSON.stringify(expected)) {
      throw new Error(`dead letters of ${pool.group}: ${listed.join(', ')}, expected ${expected.join(', ')}`);
    }
  }

  /** Ends all consumers, then checks that every group receives exactly its remaining messages. */
  async settle(): Promise<void> {
    for (const consumer of this.consumers) {
      if (!consumer.stopped || consumer.inHand.length > 0) this.lose(consumer, 'not');
      await consumer.subscription.close({ drainTimeoutMs: 0 });
      await this.observe();
    }
    for (const pool of this.pools.values()) {
      await this.open(pool.group, 10_000, 'earliest');
      const last = this.consumers.at(-1) as Consumer;
      while (pool.in('ready').length > 0) {
        await this.pull(pool);
        await this.observe();
        for (const { message, entry } of last.inHand.splice(0)) {
          await message.ack();
          entry.state = 'acked';
        }
      }
      await this.compareDeadLetters(pool as Pool & { group: string });
    }
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#backends.map((backend) => backend.close({ drainTimeoutMs: 0 })));
    await this.#harness.destroy(this.#namespace);
  }

  #receive(consumer: Consumer, message: QueueMessage): void {
    const n = message.payload['n'] as number;
    const { pool } = consumer;
    const entry = pool.get(n);
    const { messageId, retryCount, deliveryCount } = message.metadata;
    const wrong = (what: string): Error => new Error(`${n} was delivered to ${name(pool)} ${what}`);
    if (entry === undefined) throw wrong('although it was not meant for it');
    if (entry.state !== 'ready') throw wrong(`although it is ${entry.state}`);
    if (consumer.stopped) throw wrong('after its consumer had ended');
    if (consumer.inHand.length >= consumer.prefetch) throw wrong(`beyond its prefetch of ${consumer.prefetch}`);
    if (messageId !== `m${n}`) throw wrong(`as ${messageId}`);
    if (retryCount !== entry.retries) throw wrong(`with retryCount ${retryCount}, expected ${entry.retries}`);
    const begun = entry.retries + entry.losses + 1;
    if (deliveryCount !== begun) throw wrong(`with deliveryCount ${deliveryCount}, expected ${begun}`);
    entry.state = 'in flight';
    consumer.inHand.push({ message, entry });
  }

  #isolates(pool: Pool): boolean {
    const held = this.consumers.filter((consumer) => consumer.pool === pool).flatMap(({ inHand }) => inHand);
    return [...pool.in('ready'), ...held.map(({ entry }) => entry)].some(({ losses }) => losses >= 2);
  }

  #audience(): Pool[] {
    const alone = this.consumers.filter((consumer) => consumer.pool.group === undefined && !consumer.stopped);
    return [...this.pools.values(), ...alone.map((consumer) => consumer.pool)];
  }
}

function name(pool: Pool): string {
  return pool.group ?? 'an independent consumer';
}
