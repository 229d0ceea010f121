import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createPublisher, type Publisher, type PublisherSettings, type PublishOutcome } from '../src/backend.ts';
import { ConnectionError, PublishError, type QueueError } from '../src/index.ts';
import { ScriptedTarget } from './scripted-target.ts';

const STORED: PublishOutcome = { status: 'stored' };
const REFUSED: PublishOutcome = { status: 'refused', error: new ConnectionError('NOREPLICAS'), retry: true };
const UNKNOWN: PublishOutcome = { status: 'unknown', error: new ConnectionError('the connection was lost') };

function open(target: ScriptedTarget, settings: Partial<PublisherSettings> = {}): Publisher {
  const publisher = createPublisher(target, {
    broker: 'Test',
    endpoint: 'test:1',
    maxPayloadBytes: null,
    retryDelayMs: 1,
    ...settings,
  });
  onTestFinished(() => publisher.close(0));
  return publisher;
}

async function failure(done: Promise<void> | undefined): Promise<QueueError> {
  return (await done?.then(
    () => expect.unreachable('it resolved'),
    (error: unknown) => error,
  )) as QueueError;
}

test('reports an unknown outcome for a message without an answer in time', async () => {
  const target = new ScriptedTarget();
  const error = await failure(open(target).publish('events', { n: 1 }, { timeoutMs: 20 }));
  expect(error).toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', retryable: true });
  expect(error.message).toBe(
    'publishing to events at test:1: Test did not confirm the message within 20 ms; the outcome is unknown, so publish it again with the same messageId',
  );
});

test('reports that a message refused until its timeout was not stored', async () => {
  const target = new ScriptedTarget();
  const publishing = failure(open(target, { retryDelayMs: 3_600_000 }).publish('events', { n: 1 }, { timeoutMs: 500 }));
  (await target.batch()).answer(REFUSED);
  const error = await publishing;
  expect(error).toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', retryable: true, cause: REFUSED.error });
  expect(error.message).toMatch(
    /did not store the message within 500 ms \(its last answer: NOREPLICAS\); publish it again$/,
  );
});

test('keeps an unknown outcome after a later refusal', async () => {
  const target = new ScriptedTarget();
  const publishing = failure(open(target).publish('events', { n: 1 }, { timeoutMs: 1_000 }));
  (await target.batch()).answer(UNKNOWN);
  (await target.batch()).answer(REFUSED);
  await target.batch();
  expect((await publishing).message).toMatch(/outcome is unknown/);
});

test('rejects a message that waited for a connection with the reason and does not send it later', async () => {
  const target = new ScriptedTarget();
  const connecting = Promise.withResolvers<void>();
  let attempts = 0;
  target.ready = () => {
    attempts += 1;
    if (attempts === 1) return Promise.reject(new ConnectionError('nobody listens'));
    return attempts === 2 ? connecting.promise : undefined;
  };
  const publisher = open(target);
  expect(await failure(publisher.publish('events', { n: 1 }, { timeoutMs: 50 }))).toMatchObject({
    code: 'ERR_QUEUE_CONNECTION',
    message: 'nobody listens',
  });
  const next = publisher.publish('events', { n: 2 });
  connecting.resolve();
  const batch = await target.batch();
  expect(batch.numbers).toEqual([2]);
  batch.answer(STORED);
  await next;
});

test('does not resend an expired message and continues with later ones of its ordering key', async () => {
  const target = new ScriptedTarget();
  target.storesPastGaps = true;
  const publisher = open(target);
  const late = failure(publisher.publish('events', { n: 1 }, { orderingKey: 'C1', timeoutMs: 20 }));
  const alsoLate = failure(publisher.publish('events', { n: 2 }, { orderingKey: 'C1', timeoutMs: 20 }));
  const patient = publisher.publish('events', { n: 3 }, { orderingKey: 'C1' });
  const batch = await target.batch();
  expect((await late).message).toMatch(/unknown/);
  expect((await alsoLate).message).toMatch(/nothing was stored/);
  batch.answer(UNKNOWN);
  const next = await target.batch();
  expect(next.numbers).toEqual([3]);
  next.answer(STORED);
  await patient;
});

test('rejects with the reason of an aborted signal and does not send a waiting message', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target);
  const controller = new AbortController();
  publisher.publish('events', { n: 1 });
  const batch = await target.batch();
  const aborted = publisher.publish('events', { n: 2 }, { signal: controller.signal });
  controller.abort(new Error('no longer wanted'));
  await expect(aborted).rejects.toThrow('no longer wanted');
  publisher.publish('events', { n: 3 });
  batch.answer(STORED);
  const next = await target.batch();
  expect(next.numbers).toEqual([3]);
  next.answer(STORED);
});

test('close() flushes, refuses new messages and resolves after the last answer', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target);
  const done = publisher.publish('events', { n: 1 });
  let closed = false;
  const closing = publisher.close(60_000).then(() => {
    closed = true;
  });
  await expect(publisher.publish('events', { n: 2 })).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  const batch = await target.batch();
  await nextTurn();
  expect(closed).toBe(false);
  batch.answer(STORED);
  await Promise.all([done, closing]);
});

test('close() rejects unanswered messages after its timeout and reports whether they may be stored', async () => {
  const target = new ScriptedTarget();
  target.ready = (lane) => (lane === 'away' ? new Promise(() => {}) : undefined);
  const publisher = open(target);
  const sent = failure(publisher.publish('events', { n: 1 }));
  const unsent = failure(publisher.publish('away', { n: 2 }));
  await target.batch();
  await publisher.close(10);
  expect(await sent).toMatchObject({ code: 'ERR_QUEUE_CLOSED', message: expect.stringMatching(/outcome is unknown$/) });
  expect(await unsent).toMatchObject({ message: expect.stringMatching(/nothing was stored$/) });
});

test('rejects invalid input before it sends anything', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target, { maxHeaders: 1 });
  await expect(publisher.publish('bad key', {})).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  await expect(publisher.publish('events', { n: Number.NaN })).rejects.toMatchObject({
    code: 'ERR_QUEUE_SERIALIZATION',
  });
  await expect(publisher.publish('events', {}, { headers: { a: '1', b: '2' } })).rejects.toThrow('limit of 1');
  await nextTurn();
  expect(target.sent).toEqual([]);
});

test('shares one budget between all lanes', async () => {
  const target = new ScriptedTarget();
  target.depth = 1_000;
  target.maxBatch = 1;
  const publisher = open(target, { maxUnderWay: 12 });
  const keys = ['a', 'b', 'c'];
  for (const key of keys) {
    for (let n = 0; n < 20; n += 1) publisher.publish(key, { n }).catch(() => {});
    await nextTurn();
  }
  const underWay = keys.map((key) => target.sent.filter(({ lane }) => lane === key).length);
  expect(underWay).toEqual([6, 3, 2]);
  target.sent.shift()?.answer(STORED);
  await nextTurn();
  expect(target.sent).toHaveLength(10);
  // A lane without an open batch always sends one message.
  for (const key of ['d', 'e', 'f', 'g']) publisher.publish(key, { n: 0 }).catch(() => {});
  await nextTurn();
  expect(target.sent).toHaveLength(14);
});

test('limits the size of a batch and sends a larger message alone', async () => {
  const target = new ScriptedTarget();
  target.maxBatchSize = 100;
  const publisher = open(target);
  const sizes = [60, 60, 500, 30, 30];
  for (const [n, size] of sizes.entries())
    publisher.publish('events', { n, text: 'x'.repeat(size - 20) }).catch(() => {});
  const batches: (readonly number[])[] = [];
  for (let count = 0; count < 4; count += 1) {
    const batch = await target.batch();
    batches.push(batch.numbers);
    batch.answer(STORED);
  }
  expect(batches).toEqual([[0], [1], [2], [3, 4]]);
});

test('returns the error of a synchronous target', async () => {
  const stored: string[] = [];
  const target = {
    store({ text }: { text: string }): void {
      if (stored.length === 2) throw new PublishError('full');
      stored.push(text);
    },
  };
  const publisher = createPublisher(target, { broker: 'Test', maxPayloadBytes: 100 });
  await Promise.all([publisher.publish('events', { n: 1 }), publisher.publish('events', { n: 2 })]);
  await expect(publisher.publish('events', { n: 3 })).rejects.toThrow('full');
  await expect(publisher.publish('events', { text: 'x'.repeat(100) })).rejects.toMatchObject({
    code: 'ERR_QUEUE_PAYLOAD_TOO_LARGE',
  });
  await publisher.close(0);
  await expect(publisher.publish('events', { n: 4 })).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  expect(stored).toEqual(['{"n":1}', '{"n":2}']);
});

test('lets timers and sockets run during a loop of synchronous publishes', async () => {
  const publisher = createPublisher({ store: () => {} }, { broker: 'Test', maxPayloadBytes: null });
  let turns = 0;
  const immediate = (): void => {
    turns += 1;
    if (turns < 3) setImmediate(immediate);
  };
  setImmediate(immediate);
  for (let n = 0; n < 5_000; n += 1) await publisher.publish('events', { n });
  expect(turns).toBe(3);
});

test('sends the next message of an ordering key when those before it have expired unsent', async () => {
  const target = new ScriptedTarget();
  target.storesPastGaps = true;
  const publisher = open(target);
  const publish = (n: number, timeoutMs: number): Promise<void> =>
    publisher.publish('events', { n }, { orderingKey: 'C1', timeoutMs });
  const first = publish(1, 60_000);
  const expired = [failure(publish(2, 20)), failure(publish(3, 20))];
  const batch = await target.batch();
  expect(batch.numbers).toEqual([1]);
  for (const error of await Promise.all(expired)) expect(error.message).toMatch(/nothing was stored/);
  const last = publish(4, 60_000);
  batch.answer(STORED);
  await first;
  const next = await target.batch();
  expect(next.numbers).toEqual([4]);
  next.answer(STORED);
  await last;
});

test('releases the size of a batch, so that large batches follow each other', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target, { maxUnderWaySize: 1_000 });
  target.depth = 2;
  for (let n = 1; n <= 5; n += 1) {
    const both = [
      publisher.publish('events', { n, pad: 'x'.repeat(400) }),
      publisher.publish('events', { n, pad: 'x'.repeat(400) }),
    ];
    const batch = await target.batch();
    expect(batch.numbers).toEqual([n, n]);
    batch.answer(STORED);
    await Promise.all(both);
  }
});

test('ignores a second report for a message of a batch', async () => {
  const target = new ScriptedTarget();
  target.storesPastGaps = true;
  const publisher = open(target);
  const all = [1, 2, 3].map((n) => publisher.publish('events', { n }, { orderingKey: 'C1' }));
  const batch = await target.batch();
  expect(batch.numbers).toEqual([1]);
  batch.report(0, STORED);
  batch.report(0, REFUSED);
  batch.answer(STORED);
  // Still one message of the ordering key at a time.
  for (const n of [2, 3]) {
    const next = await target.batch();
    expect(next.numbers).toEqual([n]);
    next.answer(STORED);
  }
  await Promise.all(all);
});

test('reports an unknown outcome to a message that was sent again and then waited for its connection', async () => {
  const target = new ScriptedTarget();
  const away = Promise.withResolvers<void>();
  let isAway = false;
  target.ready = () => (isAway ? away.promise : undefined);
  const publishing = failure(open(target).publish('events', { n: 1 }, { timeoutMs: 100 }));
  const batch = await target.batch();
  isAway = true;
  batch.answer(UNKNOWN);
  expect((await publishing).message).toMatch(/outcome is unknown/);
  away.resolve();
});
