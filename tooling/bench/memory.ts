import { randomUUID } from 'node:crypto';
import { MemoryBackend } from '../../packages/backend-memory/src/index.ts';
import type { Subscription } from '../../packages/core/src/index.ts';
import type { BenchOptions } from './bench-options.ts';
import { compare, type Measurement } from './compare.ts';

const MESSAGES = 50_000;
const SMALL = 10_000;
const LARGE = 1_000_000;
const KEY = 'events';
const GROUP = 'workers';
const PAYLOAD = {
  type: 'event_callback',
  event_id: 'Ev08MFMKH6',
  event: {
    type: 'app_mention',
    user: 'U061F7AUR',
    text: '<@U0LAN0Z89> hello',
    ts: '1515449522.000016',
    channel: 'C123',
  },
};

/** A typical in-process queue without durability: an array, and a promise for a waiting consumer. */
class BareQueue<T> {
  readonly #items: T[] = [];
  #head = 0;
  #waiting: ((item: T) => void) | undefined;

  async publish(item: T): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#items.push(item);
    else waiting(item);
  }

  async next(): Promise<T> {
    // Use an index instead of `shift()`, which moves the remaining items.
    if (this.#head < this.#items.length) return this.#items[this.#head++] as T;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

/** Compares the memory backend with a bare queue, and with itself with a short backlog. */
export async function* memory({ rounds }: BenchOptions): AsyncGenerator<Measurement> {
  const bench = 'memory';
  const reference = 'array and promise';
  const rates = { bench, rounds, reference, unit: 'messages/s', better: 'more' } as const;
  yield await compare({
    ...rates,
    metric: 'publish',
    ours: async () => (await ours(MESSAGES)).publish,
    theirs: async () => (await bare(MESSAGES)).publish,
  });
  yield await compare({
    ...rates,
    metric: 'consume and ack',
    ours: async () => (await ours(MESSAGES)).consume,
    theirs: async () => (await bare(MESSAGES)).consume,
  });
  yield await compare({
    bench,
    rounds,
    metric: `publish, consume and ack with ${LARGE} waiting`,
    reference: `with ${SMALL} waiting`,
    unit: 'µs/message',
    better: 'less',
    ours: () => costWith(LARGE),
    theirs: () => costWith(SMALL),
  });
  yield await compare({
    bench,
    rounds,
    metric: `publish ${LARGE}, then consume and ack them`,
    reference: `${SMALL}, as often as it takes`,
    unit: 'µs/message',
    better: 'less',
    ours: () => cost(LARGE, 1),
    theirs: () => cost(SMALL, LARGE / SMALL),
  });
}

/** Microseconds per message from publish to ack while `waiting` other messages are always ahead of it. */
async function costWith(waiting: number): Promise<number> {
  const { backend, subscription } = await filled(waiting);
  const perSecond = await rate(MESSAGES, async () => {
    for (let index = 0; index < MESSAGES; index += 1) {
      await backend.publish(KEY, PAYLOAD);
      await subscription.next();
    }
  });
  await backend.close({ drainTimeoutMs: 0 });
  return 1e6 / perSecond;
}

/** Microseconds per message from publish to ack if `count` messages are published before the first is consumed. */
async function cost(count: number, times: number): Promise<number> {
  const start = performance.now();
  for (let time = 0; time < times; time += 1) await ours(count);
  return ((performance.now() - start) * 1000) / (count * times);
}

interface Rates {
  /** Messages per second. */
  publish: number;
  consume: number;
}

/** Publishes all, then consumes and acks all. */
async function ours(count: number): Promise<Rates> {
  const backend = create();
  const publish = await rate(count, () => fill(backend, count));
  const subscription = backend.consume({ group: GROUP, keys: KEY });
  await subscription.ready;
  const consume = await rate(count, async () => {
    for (let index = 0; index < count; index += 1) await subscription.next();
  });
  await backend.close({ drainTimeoutMs: 0 });
  return { publish, consume };
}

function create(): MemoryBackend {
  return new MemoryBackend({ name: randomUUID(), groups: [GROUP], maxBacklog: 2 * LARGE });
}

async function fill(backend: MemoryBackend, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await backend.publish(KEY, PAYLOAD);
}

async function filled(count: number): Promise<{ backend: MemoryBackend; subscription: Subscription }> {
  const backend = create();
  await fill(backend, count);
  const subscription = backend.consume({ group: GROUP, keys: KEY });
  await subscription.ready;
  return { backend, subscription };
}

async function bare(count: number): Promise<Rates> {
  const queue = new BareQueue<typeof PAYLOAD>();
  const publish = await rate(count, async () => {
    for (let index = 0; index < count; index += 1) await queue.publish(PAYLOAD);
  });
  const consume = await rate(count, async () => {
    for (let index = 0; index < count; index += 1) await queue.next();
  });
  return { publish, consume };
}

/** Steps per second. */
async function rate(count: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (count * 1000) / (performance.now() - start);
}
