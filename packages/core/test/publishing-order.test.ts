import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createPublisher, type Publisher, type PublisherSettings, type PublishOutcome } from '../src/backend.ts';
import { ConnectionError, PublishError } from '../src/index.ts';
import { ScriptedTarget } from './scripted-target.ts';

const STORED: PublishOutcome = { status: 'stored' };
const UNKNOWN: PublishOutcome = { status: 'unknown', error: new ConnectionError('the connection was lost') };
const REFUSED: PublishOutcome = { status: 'refused', error: new ConnectionError('not now'), retry: true };
const FINAL: PublishOutcome = { status: 'refused', error: new PublishError('never'), retry: false };

function open(target: ScriptedTarget, settings: Partial<PublisherSettings> = {}): Publisher {
  const publisher = createPublisher(target, { broker: 'Test', maxPayloadBytes: null, retryDelayMs: 1, ...settings });
  onTestFinished(() => publisher.close(0));
  return publisher;
}

function publish(
  publisher: Publisher,
  numbers: readonly number[],
  orderingKey?: string,
  key = 'events',
): Promise<void>[] {
  return numbers.map((n) => {
    const done = publisher.publish(key, { n }, orderingKey === undefined ? {} : { orderingKey });
    done.catch(() => {});
    return done;
  });
}

test('sends the messages of one turn in one batch and later ones in the next', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target);
  publish(publisher, [1, 2]);
  const first = await target.batch();
  expect(first.numbers).toEqual([1, 2]);
  publish(publisher, [3]);
  publish(publisher, [4]);
  await nextTurn();
  expect(target.sent).toEqual([]);
  first.answer(STORED);
  expect((await target.batch()).numbers).toEqual([3, 4]);
});

test('each caller receives the outcome of its own message', async () => {
  const target = new ScriptedTarget();
  const done = publish(open(target), [1, 2, 3]);
  const batch = await target.batch();
  batch.report(1, FINAL);
  await expect(done[1]).rejects.toThrow('never');
  batch.answer(STORED);
  await expect(Promise.all([done[0], done[2]])).resolves.toBeDefined();
});

test('uses the first report for a message and ignores reports after the batch', async () => {
  const target = new ScriptedTarget();
  const publisher = open(target);
  const [one] = publish(publisher, [1]);
  const batch = await target.batch();
  batch.report(0, STORED);
  batch.report(0, FINAL);
  batch.answer(FINAL);
  await one;
  const [two] = publish(publisher, [2]);
  const lost = await target.batch();
  lost.answer(UNKNOWN);
  const again = await target.batch();
  lost.report(0, FINAL);
  again.answer(STORED);
  await two;
});

test.for([
  ['unknown', UNKNOWN],
  ['refused for now', REFUSED],
] as const)('resends a message that is %s before later ones', async ([_, outcome]) => {
  const target = new ScriptedTarget();
  const publisher = open(target);
  const done = publish(publisher, [1, 2, 3], 'C1');
  const batch = await target.batch();
  publish(publisher, [4, 5], 'C1');
  batch.report(0, STORED);
  batch.answer(outcome);
  const again = await target.batch();
  expect(again.numbers).toEqual([2, 3, 4, 5]);
  expect(again.messages[0]).toBe(batch.messages[1]);
  expect(again.messages.map(({ attempts }) => attempts)).toEqual([1, 1, 0, 0]);
  again.answer(STORED);
  await Promise.all(done);
});

test('sends messages again after a rejection of the target', async () => {
  const target = new ScriptedTarget();
  const [done] = publish(open(target), [1]);
  (await target.batch()).fail(new ConnectionError('the connection was lost'));
  (await target.batch()).answer(STORED);
  await done;
});

test('passes on an unexpected error of the target without a retry', async () => {
  const target = new ScriptedTarget();
  const [done] = publish(open(target), [1]);
  (await target.batch()).fail(new TypeError('a bug'));
  await expect(done).rejects.toMatchObject({ code: 'ERR_QUEUE_PUBLISH', message: expect.stringContaining('a bug') });
  await nextTurn();
  expect(target.sent).toEqual([]);
});

test('sends nothing after a failure until all open batches are answered', async () => {
  const target = new ScriptedTarget();
  target.depth = 3;
  target.maxBatch = 2;
  const publisher = open(target);
  publish(publisher, [1, 2, 3, 4, 5, 6, 7, 8]);
  const [first, second, third] = [await target.batch(), await target.batch(), await target.batch()];
  expect([first.numbers, second.numbers, third.numbers]).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  second.answer({ status: 'skipped' });
  first.answer(UNKNOWN);
  await nextTurn();
  expect(target.sent).toEqual([]);
  third.answer({ status: 'skipped' });
  const again = [await target.batch(), await target.batch(), await target.batch()];
  expect(again.flatMap(({ numbers }) => numbers)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const batch of again) batch.answer(STORED);
  expect((await target.batch()).numbers).toEqual([7, 8]);
});

test('resends a skipped batch at once if the earlier batch was stored', async () => {
  const target = new ScriptedTarget();
  target.depth = 2;
  target.maxBatch = 1;
  // A pause would exceed the timeout of the test.
  const publisher = open(target, { retryDelayMs: 3_600_000 });
  publish(publisher, [1, 2]);
  const [first, second] = [await target.batch(), await target.batch()];
  second.answer({ status: 'skipped' });
  await nextTurn();
  first.answer(STORED);
  const again = await target.batch();
  expect(again.numbers).toEqual([2]);
  expect(again.messages[0]?.attempts).toBe(0);
});

test('sends one message of an ordering key at a time if the broker stores past gaps', async () => {
  const target = new ScriptedTarget();
  target.storesPastGaps = true;
  target.depth = 8;
  const publisher = open(target);
  publish(publisher, [1, 2, 3], 'C1');
  publish(publisher, [11, 12], 'C2');
  publish(publisher, [21, 22]);
  const first = await target.batch();
  expect(first.numbers).toEqual([1, 11, 21, 22]);
  first.report(0, REFUSED);
  first.report(1, STORED);
  first.answer(STORED);
  const again = await target.batch();
  expect(again.numbers).toEqual([1, 12]);
  again.answer(STORED);
  expect((await target.batch()).numbers).toEqual([2]);
});

test('keeps messages of an ordering key on one lane and follows the topology after a failure', async () => {
  const target = new ScriptedTarget();
  let leader = 'a';
  target.lane = () => leader;
  const publisher = open(target);
  publish(publisher, [1, 2], 'C1');
  const onA = await target.batch();
  leader = 'b';
  publish(publisher, [3], 'C1');
  publish(publisher, [9], 'C2');
  const other = await target.batch();
  expect([other.lane, other.numbers]).toEqual(['b', [9]]);
  other.answer(STORED);
  await nextTurn();
  expect(target.sent).toEqual([]);
  onA.report(0, STORED);
  onA.answer(UNKNOWN);
  const moved = await target.batch();
  expect([moved.lane, moved.numbers]).toEqual(['b', [2, 3]]);
});

test('a silent or unreachable lane does not delay other lanes', async () => {
  const target = new ScriptedTarget();
  target.ready = (lane) => (lane === 'away' ? new Promise(() => {}) : undefined);
  const publisher = open(target);
  publish(publisher, [1], undefined, 'silent');
  publish(publisher, [2], undefined, 'away');
  expect((await target.batch()).lane).toBe('silent');
  const done = publish(publisher, [3], undefined, 'well');
  const batch = await target.batch();
  expect(batch.lane).toBe('well');
  batch.answer(STORED);
  await Promise.all(done);
});

test('sends nothing before a lane is ready and retries a failed attempt to connect', async () => {
  const target = new ScriptedTarget();
  const attempts: PromiseWithResolvers<void>[] = [];
  let isReady = false;
  target.ready = () => {
    if (isReady) return undefined;
    const attempt = Promise.withResolvers<void>();
    attempts.push(attempt);
    return attempt.promise;
  };
  const publisher = open(target);
  publish(publisher, [1]);
  await nextTurn();
  attempts[0]?.reject(new ConnectionError('refused'));
  while (attempts.length < 2) await nextTurn();
  publish(publisher, [2]);
  expect(target.sent).toEqual([]);
  isReady = true;
  attempts[1]?.resolve();
  expect((await target.batch()).numbers).toEqual([1, 2]);
});

test('a lane that cannot become ready rejects its messages and tries again with the next one', async () => {
  const target = new ScriptedTarget();
  target.ready = () => Promise.reject(new PublishError('wrong password'));
  const publisher = open(target);
  await expect(publisher.publish('events', { n: 1 })).rejects.toThrow('wrong password');
  target.ready = undefined;
  publish(publisher, [2]);
  expect((await target.batch()).numbers).toEqual([2]);
});

test('resends a message at most maxRetries times, then rejects with the last error', async () => {
  const target = new ScriptedTarget();
  const [done] = publish(open(target, { maxRetries: 2 }), [1]);
  for (let attempt = 0; attempt < 3; attempt += 1) (await target.batch()).answer(REFUSED);
  await expect(done).rejects.toThrow('not now');
});
