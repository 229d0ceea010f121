import { AuthenticationError, ConfigurationError, type QueueBackend } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import {
  type ConsumerOptions,
  deduplicate,
  type EventOf,
  type Middleware,
  NonRetryableError,
  type SlackHandlers,
} from '../src/index.ts';
import { clientOfStub } from '../src/testing/slack-stub.ts';
import { message } from './support/message.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

/** Runs a second consumer of the group until it receives `sentinel`; resolves with everything it received. */
async function leftFor(place: ReturnType<typeof workplace>, sentinel = 'sentinel'): Promise<string[]> {
  const seen: string[] = [];
  const next = place.consumer().any(({ metadata }) => void seen.push(metadata.messageId));
  await next.start();
  await place.publish(sentinel);
  await expect.poll(() => seen, DEADLINE).toContain(sentinel);
  await next.close();
  return seen;
}

describe('handling', () => {
  test('passes an event through the queue to its handler, and acks it afterwards', async () => {
    const place = workplace();
    const seen: unknown[] = [];
    const calls: unknown[] = [];
    const consumer = place.consumer({
      slack: clientOfStub({
        call: async (method, args) => {
          calls.push([method, args]);
          return { ok: true };
        },
      }),
    });
    consumer.on('app_mention', async (event, context) => {
      seen.push([event.text, context.envelope.event_id, context.retryCount, context.metadata.key]);
      await context.say('hi');
    });
    await consumer.start();
    await place.publish('Ev1', { event: { type: 'app_mention', ts: '1.1' } });
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(1);
    expect(seen).toEqual([['Ev1', 'Ev1', 0, 'slack_events']]);
    expect(calls).toEqual([
      ['chat.postMessage', { channel: 'C1', thread_ts: '1.1', unfurl_links: false, unfurl_media: false, text: 'hi' }],
    ]);
    await consumer.close();
    expect(await leftFor(place)).toEqual(['sentinel']);
  });

  test('acks an event without a handler', async () => {
    const place = workplace();
    const consumer = place.consumer();
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(1);
    await consumer.close();
    expect(await leftFor(place)).toEqual(['sentinel']);
  });

  test('accepts a class as handlers', async () => {
    const place = workplace();
    class Bot implements SlackHandlers {
      readonly seen: string[] = [];
      async onMessageChannels(event: EventOf<'message.channels'>): Promise<void> {
        this.seen.push(event.channel);
      }
    }
    const bot = new Bot();
    await place.consumer({ handlers: bot }).start();
    await place.publish('Ev1');
    await expect.poll(() => bot.seen, DEADLINE).toEqual(['C1']);
  });

  test('wraps middleware around every handler, and fails the message if middleware fails', async () => {
    const place = workplace();
    const log: string[] = [];
    const named =
      (name: string): Middleware =>
      async (context, next) => {
        log.push(`${name} ${context.retryCount}`);
        await next();
        log.push(`${name} after`);
        if (name === 'inner' && context.retryCount === 0) throw new Error('broken');
      };
    const consumer = place.consumer({ middleware: [named('outer'), named('inner')] });
    consumer.any(() => log.push('handler'));
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(1);
    expect(log).toEqual([
      ...['outer 0', 'inner 0', 'handler', 'inner after'],
      ...['outer 1', 'inner 1', 'handler', 'inner after', 'outer after'],
    ]);
  });
});

describe('order and concurrency', () => {
  test('handles at most `concurrency` messages at once', async () => {
    const place = workplace();
    let running = 0;
    let most = 0;
    let handled = 0;
    const consumer = place.consumer({ concurrency: 3 });
    consumer.any(async () => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      running -= 1;
      handled += 1;
    });
    await consumer.start();
    for (let index = 0; index < 50; index += 1) await place.publish(`Ev${index}`);
    await expect.poll(() => handled, DEADLINE).toBe(50);
    expect(most).toBe(3);
  });

  test('handles messages of one ordering key one at a time and in order, and others in parallel', async () => {
    const place = workplace();
    const channels = ['C1', 'C2', 'C3', 'C4'];
    const seen = new Map<string, string[]>(channels.map((channel) => [channel, []]));
    const running = new Map<string, number>();
    let overlapping = 0;
    let acrossChannels = 0;
    const consumer = place.consumer({ concurrency: 8, prefetch: 64 });
    consumer.any(async ({ metadata: { orderingKey = '', messageId } }) => {
      const count = (running.get(orderingKey) ?? 0) + 1;
      if (count > 1) overlapping += 1;
      running.set(orderingKey, count);
      if ([...running.values()].filter((value) => value > 0).length > 1) acrossChannels += 1;
      for (let turn = Math.random() * 4; turn > 0; turn -= 1) await new Promise(setImmediate);
      seen.get(orderingKey)?.push(messageId);
      running.set(orderingKey, count - 1);
    });
    const expected = channels.map((channel) => Array.from({ length: 40 }, (_, index) => `${channel}-${index}`));
    for (let index = 0; index < 40; index += 1) {
      for (const channel of channels) await place.publish(`${channel}-${index}`, { orderingKey: channel });
    }
    await consumer.start();
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(160);
    expect([...seen.values()]).toEqual(expected);
    expect(overlapping).toBe(0);
    expect(acrossChannels).toBeGreaterThan(0);
  });

  test('takes at most `prefetch` messages from the broker', async () => {
    const place = workplace();
    const gate = Promise.withResolvers<void>();
    const first = place.consumer({ concurrency: 1, prefetch: 2, drainTimeoutMs: 20_000 });
    first.any(() => gate.promise);
    await first.start();
    for (let index = 0; index < 10; index += 1) await place.publish(`Ev${index}`);
    const others: string[] = [];
    const second = place.consumer().any(({ metadata }) => void others.push(metadata.messageId));
    await second.start();
    await expect.poll(() => others, DEADLINE).toHaveLength(8);
    gate.resolve();
    await first.close();
    expect(place.logger.named('event_handled')).toHaveLength(10);
  });
});

test('holds at most `prefetch` messages, even if the broker takes back waiting messages', async () => {
  let taken = 0;
  const subscription = {
    ready: Promise.resolve(),
    next: async () => {
      taken += 1;
      return taken > 8 ? { done: true, value: undefined } : { done: false, value: message({}) };
    },
    close: async () => {},
    [Symbol.asyncIterator]: () => subscription,
  };
  const backend = { name: 'forgetful', consume: () => subscription } as unknown as QueueBackend;
  const gate = Promise.withResolvers<void>();
  const consumer = workplace().consumer({ backend, concurrency: 1, prefetch: 4, drainTimeoutMs: 20_000 });
  let handled = 0;
  consumer.any(async () => {
    await gate.promise;
    await new Promise(setImmediate);
    handled += 1;
  });
  await consumer.start();
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  expect(taken).toBe(4);
  gate.resolve();
  await consumer.closed;
  expect(taken).toBe(9);
  expect(handled).toBe(8);
});

describe('failing', () => {
  test('handles a redriven message again, with and without deduplication', async () => {
    const place = workplace();
    let broken = true;
    const consumer = place.consumer({ middleware: [deduplicate()] });
    consumer.on('message', () => {
      if (broken) throw new NonRetryableError('broken');
    });
    await consumer.start();
    await place.publish('Ev1');
    const parked = place.backend.deadLetters({ group: 'bot' });
    await expect
      .poll(async () => (await parked.list()).items, DEADLINE)
      .toMatchObject([{ retryCount: 0, reason: { code: 'NON_RETRYABLE', name: 'NonRetryableError' } }]);
    broken = false;
    await parked.redrive('all');
    await expect
      .poll(() => place.logger.named('event_handled'), DEADLINE)
      .toMatchObject([{ eventId: 'Ev1', attempt: 1 }]);
  });

  test('times out a handler that never returns, and receives its message again', async () => {
    const place = workplace();
    const signals: AbortSignal[] = [];
    const consumer = place.consumer({ timeoutMs: 10, concurrency: 1 });
    consumer.on('message', async (_event, { retryCount, signal }) => {
      signals.push(signal);
      if (retryCount === 0) await new Promise(() => {});
    });
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toMatchObject([{ attempt: 2 }]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('ends the consumer and logs lost messages if the backend closes while handlers run', async () => {
    const place = workplace();
    const consumer = place.consumer({ drainTimeoutMs: 20_000 });
    const signals: AbortSignal[] = [];
    consumer.on('message', (_event, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => signals, DEADLINE).toHaveLength(1);
    await place.backend.close({ drainTimeoutMs: 0 });
    await consumer.closed;
    expect(signals[0]?.reason).toMatchObject({ code: 'MESSAGE_LOST' });
    expect(place.logger.entries.map((entry) => entry.message)).toEqual([
      'consumer_ready',
      'event_failed',
      expect.stringMatching(/^event_(lease_lost|settle_failed)$/),
      'consumer_closed',
    ]);
  });
});

describe('without a group', () => {
  test('each consumer receives everything published while it runs, and discards what it cannot handle', async () => {
    const place = workplace();
    await place.publish('before');
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      const consumer = place.consumer({ group: undefined, retry: { maxRetries: 1, initialDelayMs: 1 } });
      consumer.any(({ metadata, retryCount }) => {
        seen.push(`${name} ${metadata.messageId} ${retryCount}`);
        throw new Error('broken');
      });
      await consumer.start();
    }
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_discarded'), DEADLINE).toHaveLength(2);
    expect(seen.sort()).toEqual(['a Ev1 0', 'a Ev1 1', 'b Ev1 0', 'b Ev1 1']);
  });
});

describe('a backend that refuses permanently', () => {
  /** A backend whose broker refuses it, either at once or after the subscription was established. */
  function refusing(when: 'at once' | 'later'): { backend: QueueBackend; refuse: () => void } {
    const { promise, reject } = Promise.withResolvers<never>();
    const refuse = (): void => reject(new AuthenticationError('the broker refuses the credentials'));
    promise.catch(() => {});
    if (when === 'at once') refuse();
    const subscription = {
      ready: when === 'at once' ? promise : Promise.resolve(),
      next: () => promise,
      close: async () => {},
      [Symbol.asyncIterator]: () => subscription,
    };
    return { backend: { name: 'refusing', consume: () => subscription } as unknown as QueueBackend, refuse };
  }

  test('fails the start', async () => {
    const { backend } = refusing('at once');
    const consumer = workplace().consumer({ backend });
    await expect(consumer.start()).rejects.toThrow(AuthenticationError);
    await expect(consumer.closed).rejects.toThrow(AuthenticationError);
    await expect(consumer.close()).resolves.toBeUndefined();
  });

  test('fails run, even after the start, and is logged', async () => {
    const place = workplace();
    const { backend, refuse } = refusing('later');
    const consumer = place.consumer({ backend });
    const running = consumer.run();
    await consumer.start();
    const before = process.listenerCount('SIGTERM');
    refuse();
    await expect(running).rejects.toThrow(AuthenticationError);
    expect(process.listenerCount('SIGTERM')).toBe(before - 1);
    expect(place.logger.named('consumer_failed')).toMatchObject([{ level: 'error', err: { code: 'ERR_QUEUE_AUTH' } }]);
  });
});

test.each<[Partial<ConsumerOptions>, RegExp]>([
  [{ group: 'no spaces' }, /group/],
  [{ concurrency: 0 }, /concurrency.*for example 10/],
  [{ prefetch: 1.5 }, /prefetch/],
  [{ timeoutMs: -1 }, /timeoutMs/],
  [{ timeoutMs: 2 ** 31 }, /timeoutMs/],
  [{ drainTimeoutMs: Number.NaN }, /drainTimeoutMs/],
  [{ retry: { maxRetries: -1 } }, /maxRetries/],
  [{ backend: {} as QueueBackend }, /backend/],
  [{ handlers: {} }, /handlers/],
])('rejects invalid options and names them: %j', (options, message) => {
  const place = workplace();
  expect(() => place.consumer(options)).toThrow(ConfigurationError);
  expect(() => place.consumer(options)).toThrow(message);
});

describe('closing', () => {
  test('finishes and acks messages in flight, and takes no new ones', async () => {
    const place = workplace();
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const consumer = place.consumer({ concurrency: 2, prefetch: 4, drainTimeoutMs: 20_000 });
    consumer.any(async ({ metadata }) => {
      seen.push(metadata.messageId);
      await gate.promise;
    });
    await consumer.start();
    for (let index = 0; index < 8; index += 1) await place.publish(`Ev${index}`, { orderingKey: `C${index % 2}` });
    await expect.poll(() => seen, DEADLINE).toHaveLength(2);
    const closing = consumer.close();
    gate.resolve();
    await closing;
    await consumer.closed;
    expect(seen).toEqual(['Ev0', 'Ev1', 'Ev2', 'Ev3']);
    expect(place.logger.named('event_handled')).toHaveLength(4);
    expect((await leftFor(place)).sort()).toEqual(['Ev4', 'Ev5', 'Ev6', 'Ev7', 'sentinel']);
  });

  test('returns unfinished messages at the end of the drain time at once', async () => {
    const place = workplace();
    const signals: AbortSignal[] = [];
    const consumer = place.consumer({ concurrency: 1, drainTimeoutMs: 10 });
    consumer.any(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await consumer.start();
    await place.publish('Ev1');
    await place.publish('Ev2');
    await expect.poll(() => signals, DEADLINE).toHaveLength(1);
    await consumer.close();
    expect(signals.map(({ reason }) => reason)).toMatchObject([{ code: 'DRAIN_TIMEOUT' }]);
    expect((await leftFor(place)).sort()).toEqual(['Ev1', 'Ev2', 'sentinel']);
  });

  test('logs one line that counts interrupted messages and messages that never began', async () => {
    const place = workplace();
    const consumer = place.consumer({ concurrency: 2, prefetch: 30, drainTimeoutMs: 10 });
    let started = 0;
    consumer.any(({ metadata }) => {
      if (metadata.messageId === 'quick') return undefined;
      started += 1;
      return new Promise(() => {});
    });
    await consumer.start();
    for (let n = 1; n <= 28; n += 1) await place.publish(`slow ${n}`);
    await expect.poll(() => consumer.health().detail, DEADLINE).toMatchObject({ running: 2, waiting: 26 });
    await consumer.close();
    expect(started).toBe(2);
    expect(place.logger.named('consumer_gave_back')).toMatchObject([
      { handled: 0, interrupted: 2, notStarted: 26, drainTimeoutMs: 10 },
    ]);
    expect(place.logger.named('event_failed')).toEqual([]);
  });

  test('reports its state as health', async () => {
    const place = workplace();
    const consumer = place.consumer();
    expect(consumer.health()).toMatchObject({ status: 'down', detail: { state: 'not started' } });
    await consumer.start();
    expect(consumer.health()).toEqual({ status: 'up', detail: { state: 'started', running: 0, waiting: 0 } });
    await consumer.close();
    expect(consumer.health()).toMatchObject({ detail: { state: 'closing' } });
  });

  test('can be closed twice, before and after the start', async () => {
    const place = workplace();
    const unstarted = place.consumer();
    await Promise.all([unstarted.close(), unstarted.close()]);
    await unstarted.closed;
    await expect(unstarted.start()).rejects.toThrow('closed');
    const consumer = place.consumer();
    await Promise.all([consumer.start(), consumer.start()]);
    await Promise.all([consumer.close(), consumer.close()]);
    await expect(consumer.start()).resolves.toBeUndefined();
    expect(place.logger.named('consumer_ready')).toHaveLength(1);
    await place.publish('Ev1');
    expect(await leftFor(place)).toEqual(['Ev1', 'sentinel']);
  });

  test('leaves the backend open', async () => {
    const place = workplace();
    {
      await using consumer = place.consumer();
      await consumer.start();
    }
    await expect(place.publish('Ev1')).resolves.toBeUndefined();
  });
});

test('close() waits no longer than the consumer’s own drain time, whatever its caller allows', async () => {
  const place = workplace();
  const consumer = place.consumer({ drainTimeoutMs: 10 });
  const began = Promise.withResolvers<void>();
  consumer.any(() => {
    began.resolve();
    return new Promise(() => {});
  });
  await consumer.start();
  await place.publish('Ev1');
  await began.promise;
  await consumer.close({ drainTimeoutMs: 3_600_000 });
  expect(place.logger.named('consumer_gave_back')).toHaveLength(1);
});
