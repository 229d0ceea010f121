import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SubscriptionSettings } from '../src/backend.ts';
import { ConfigurationError, LeaseLostError, UnsupportedError } from '../src/index.ts';
import { type DeliverOptions, type Numbered, nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

async function manual(numbers: readonly number[], options?: DeliverOptions, settings: SubscriptionSettings = {}) {
  const source = new ScriptedSource();
  // The delay is long, so that only explicit acks are sent.
  const subscription = subscribe(source, { ack: 'manual' }, { ackBatch: { maxDelayMs: 600_000 }, ...settings });
  source.deliver(numbers, options);
  const messages = [];
  for (const _ of numbers) messages.push(await nextMessage(subscription));
  return { source, subscription, messages, first: messages[0] as (typeof messages)[0] };
}

test('ack() resolves when the broker has confirmed it', async () => {
  const { source, first } = await manual([1]);
  const acked = Promise.withResolvers<Numbered[]>();
  source.onAck = () => acked.promise;
  let done = false;
  const ack = first.ack().then(() => {
    done = true;
  });
  await expect.poll(() => source.calls).toEqual(['open', 'ack 1']);
  expect(done).toBe(false);
  acked.resolve([]);
  await ack;
});

test('sends the acks of one turn together; later acks wait for the open batch', async () => {
  const { source, messages } = await manual([1, 2, 3, 4]);
  const first = Promise.withResolvers<Numbered[]>();
  source.onAck = () => first.promise;
  const acks = [messages[0]?.ack(), messages[1]?.ack()];
  await Promise.resolve();
  expect(source.calls).toEqual(['open', 'ack 1 2']);
  source.onAck = () => Promise.resolve([]);
  acks.push(messages[2]?.ack());
  await Promise.resolve();
  acks.push(messages[3]?.ack());
  expect(source.calls).toEqual(['open', 'ack 1 2']);
  first.resolve([]);
  await Promise.all(acks);
  expect(source.calls).toEqual(['open', 'ack 1 2', 'ack 3 4']);
});

test('pipelined acks of a turn are sent together, although earlier ones are unanswered', async () => {
  const settings = { ackBatch: { maxDelayMs: 600_000, pipelined: true } };
  const { source, messages } = await manual([1, 2, 3], {}, settings);
  const unanswered = Promise.withResolvers<Numbered[]>();
  source.onAck = () => unanswered.promise;
  const acks = [messages[0]?.ack(), messages[1]?.ack()];
  await Promise.resolve();
  expect(source.calls).toEqual(['open']);
  await turn();
  expect(source.calls).toEqual(['open', 'ack 1 2']);
  source.onAck = () => Promise.resolve([]);
  await messages[2]?.ack();
  expect(source.calls).toEqual(['open', 'ack 1 2', 'ack 3']);
  unanswered.resolve([]);
  await Promise.all(acks);
});

test('the first settlement wins, and later ones resolve with it', async () => {
  const { source, messages } = await manual([1, 2, 3]);
  const [one, two, three] = messages;
  await Promise.all([one?.ack(), one?.ack(), one?.nack(), one?.deadLetter({})]);
  await Promise.all([two?.nack({ delayMs: 7 }), two?.ack()]);
  await Promise.all([three?.deadLetter({ code: 'X' }), three?.nack()]);
  await three?.ack();
  expect(source.calls.filter((call) => call !== 'open').sort()).toEqual(['ack 1', 'dead-letter 3 X  ', 'nack 2 7']);
});

test('rejects only the late ack of a batch with LeaseLostError', async () => {
  const { source, messages } = await manual([1, 2, 3]);
  source.onAck = async (deliveries) => deliveries.filter(({ n }) => n === 2);
  const outcomes = await Promise.allSettled(messages.map((message) => message.ack()));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(source.calls).toEqual(['open', 'ack 1 2 3']);
  await expect(messages[1]?.ack()).rejects.toBeInstanceOf(LeaseLostError);
  expect(messages[1]?.signal.aborted).toBe(true);
  await messages[0]?.ack();
  expect(source.sink.free()).toBe(64);
});

test('a lost lease aborts the signal, frees the slot and prevents further settlements', async () => {
  const { source, messages } = await manual([1, 2]);
  const [one, two] = messages;
  const { signal } = one as NonNullable<typeof one>;
  expect(signal.aborted).toBe(false);
  for (const delivery of source.deliveries.values()) source.sink.revoke(delivery);
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toBeInstanceOf(LeaseLostError);
  expect(two?.signal.aborted).toBe(true);
  expect(source.sink.free()).toBe(64);
  await expect(one?.ack()).rejects.toBeInstanceOf(LeaseLostError);
  await expect(one?.nack()).rejects.toBeInstanceOf(LeaseLostError);
  await expect(one?.deadLetter({})).rejects.toBeInstanceOf(LeaseLostError);
  expect(source.calls).toEqual(['open']);
});

test('rejects a settlement with LeaseLostError and does not retry it', async () => {
  const { source, first } = await manual([1]);
  source.onSettle = () => Promise.reject(new LeaseLostError('taken'));
  await expect(first.nack()).rejects.toBeInstanceOf(LeaseLostError);
  await expect(first.ack()).rejects.toBeInstanceOf(LeaseLostError);
  expect(source.calls).toEqual(['open', 'nack 1 0']);
  expect(source.sink.free()).toBe(64);
});

test('drops a buffered delivery whose lease is lost', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1, 2, 3]);
  source.sink.revoke(source.deliveries.get(2) as Numbered);
  expect(source.sink.free()).toBe(62);
  expect(await take(subscription, 2)).toEqual([1, 3]);
});

test('nack() frees the slot, also while the previous message is in flight', async () => {
  const { source, messages } = await manual([1, 2]);
  await messages[1]?.nack({ delayMs: 1000 });
  expect(source.sink.free()).toBe(63);
  expect(source.pulls).toBeGreaterThan(0);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
  'nack refuses a delay of %s and settles nothing',
  async (delayMs) => {
    const { source, first } = await manual([1]);
    await expect(first.nack({ delayMs })).rejects.toBeInstanceOf(ConfigurationError);
    await first.ack();
    expect(source.calls).toEqual(['open', 'ack 1']);
  },
);

test('rejects deadLetter() on an independent consumer', async () => {
  const { source, first } = await manual([1], { group: null });
  await expect(first.deadLetter({ code: 'X' })).rejects.toBeInstanceOf(UnsupportedError);
  await first.ack();
  expect(source.calls).toEqual(['open', 'ack 1']);
});

test('stores the code and the name and message of the error as the reason', async () => {
  const { source, messages } = await manual([1, 2, 3]);
  await messages[0]?.deadLetter({ code: 'MAX_RETRIES', error: new TypeError('bad', { cause: 'secret' }) });
  await messages[1]?.deadLetter({ error: 'a text' });
  await messages[2]?.deadLetter({
    error: {
      get name() {
        throw new Error('no');
      },
    },
  });
  expect(source.calls.slice(1)).toEqual([
    'dead-letter 1 MAX_RETRIES TypeError bad',
    'dead-letter 2   a text',
    'dead-letter 3   ',
  ]);
});

test('stores no Slack token and no password of a URL in the reason', async () => {
  const { source, messages } = await manual([1, 2]);
  await messages[0]?.deadLetter({ error: new Error('xoxb-1234567890-secret at https://user:hidden@example.com') });
  // The limit of 1,000 characters cuts in the middle of the token.
  await messages[1]?.deadLetter({ error: `${'a'.repeat(990)} xoxp-1234567890-secret` });
  expect(source.calls.slice(1)).toEqual([
    'dead-letter 1  Error [redacted] at https://[redacted]@example.com',
    `dead-letter 2   ${'a'.repeat(990)} [redacted`,
  ]);
});

test('an explicit ack after an implicit one resolves with the implicit ack', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, {}, { ackBatch: { maxDelayMs: 60_000 } });
  source.deliver([1, 2]);
  const first = await nextMessage(subscription);
  await nextMessage(subscription);
  await first.ack();
  await first.nack();
  expect(source.calls).toEqual(['open', 'ack 1']);
});

test('sends no implicit ack after an explicit one in an on-next loop', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source);
  source.deliver([1, 2]);
  await (await nextMessage(subscription)).ack();
  await nextMessage(subscription);
  await subscription.return();
  expect(source.calls).toEqual(['open', 'ack 1', 'give back 2', 'close']);
});
