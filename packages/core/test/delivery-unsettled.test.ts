import { expect, test } from 'vitest';
import type { SubscriptionSettings } from '../src/backend.ts';
import {
  AuthenticationError,
  ConnectionError,
  LeaseLostError,
  type Logger,
  PayloadTooLargeError,
} from '../src/index.ts';
import { type Numbered, nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

const gone = new ConnectionError('gone');

async function manual(numbers: readonly number[], settings: SubscriptionSettings = {}) {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 10 }, { retryDelayMs: 1, ...settings });
  source.deliver(numbers);
  const messages = [];
  for (const _ of numbers) messages.push(await nextMessage(subscription));
  return { source, subscription, messages, first: messages[0] as (typeof messages)[0] };
}

function logger(): { logger: Logger; entries: unknown[][] } {
  const entries: unknown[][] = [];
  const log = (...entry: unknown[]): void => void entries.push(entry);
  return { entries, logger: { debug() {}, info: log, warn: log, error: log } };
}

test('retries a refused or unanswered settlement until the broker confirms it, while the caller waits', async () => {
  const { source, subscription, messages } = await manual([1, 2, 3]);
  source.onAck = () => Promise.reject(gone);
  source.onSettle = () => Promise.reject(new Error('not an error of the contract'));
  const settled = Promise.all([
    messages[0]?.ack(),
    messages[1]?.nack({ delayMs: 5 }),
    messages[2]?.deadLetter({ code: 'X' }),
  ]);
  await expect.poll(() => source.calls.filter((call) => call.startsWith('again')).length).toBeGreaterThan(5);
  expect(subscription.unsettled).toBe(3);
  expect(source.sink.free()).toBe(10);
  source.onAck = () => Promise.resolve([]);
  source.onSettle = () => Promise.resolve();
  await settled;
  expect(subscription.unsettled).toBe(0);
  const { length } = source.calls;
  await subscription.close();
  expect(source.calls.slice(length)).toEqual(['close']);
  expect(new Set(source.calls)).toEqual(
    new Set([
      'open',
      'close',
      ...['ack 1', 'nack 2 5', 'dead-letter 3 X  '].flatMap((call) => [call, `again ${call}`]),
    ]),
  );
});

test('retries a failed implicit ack while the loop continues', async () => {
  const source = new ScriptedSource();
  const { logger: log, entries } = logger();
  const subscription = subscribe(source, { prefetch: 2 }, { retryDelayMs: 1, logger: log });
  source.onAck = () => Promise.reject(gone);
  source.deliver([1, 2]);
  await take(subscription, 2);
  await source.sink.slot();
  source.deliver([3]);
  await take(subscription, 1);
  await expect.poll(() => subscription.unsettled).toBe(2);
  source.onAck = async (deliveries) => deliveries.filter(({ n }) => n === 2);
  await expect.poll(() => subscription.unsettled).toBe(0);
  expect(entries).toEqual([
    [{ err: gone, messages: 1 }, 'queue_ack_failed'],
    [{ messages: 1 }, 'queue_ack_lease_lost'],
    [{}, 'queue_settlements_restored'],
  ]);
});

test('rejects after timeoutMs but keeps retrying; a further call waits for the outcome', async () => {
  const { source, first } = await manual([1], { timeoutMs: 5 });
  source.onAck = () => Promise.reject(gone);
  await expect(first.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', retryable: true, cause: gone });
  await expect(first.nack()).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT' });
  source.onAck = () => Promise.resolve([]);
  await first.ack();
  await first.deadLetter({});
  expect(new Set(source.calls)).toEqual(new Set(['open', 'ack 1', 'again ack 1']));
  expect(source.calls.filter((call) => call === 'ack 1')).toHaveLength(1);
});

test('requesting the next message does not ack a message whose settlement failed', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, {}, { retryDelayMs: 1, timeoutMs: 5 });
  source.deliver([1, 2]);
  source.onSettle = () => Promise.reject(gone);
  await expect((await nextMessage(subscription)).deadLetter({ code: 'X' })).rejects.toThrow('not confirm');
  await take(subscription, 1);
  source.onSettle = () => Promise.resolve();
  await subscription.close({ drainTimeoutMs: 0 });
  expect(source.calls).not.toContain('ack 1');
});

test('abandons only the settlement of a batch whose lease is lost', async () => {
  const { source, subscription, messages } = await manual([1, 2]);
  source.onAck = () => Promise.reject(gone);
  const outcomes = Promise.allSettled(messages.map((message) => message.ack()));
  await expect.poll(() => subscription.unsettled).toBe(2);
  source.sink.revoke(source.deliveries.get(1) as Numbered);
  expect(subscription.unsettled).toBe(1);
  expect(messages[0]?.signal.aborted).toBe(true);
  source.onAck = () => Promise.resolve([]);
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'ERR_QUEUE_LEASE_LOST' } },
    { status: 'fulfilled' },
  ]);
  expect(source.calls.at(-1)).toBe('again ack 2');
  await expect(messages[0]?.ack()).rejects.toBeInstanceOf(LeaseLostError);
});

test('a lease lost during a settlement ends the wait', async () => {
  const { source, subscription, first } = await manual([1]);
  const nacked = Promise.withResolvers<void>();
  source.onSettle = () => nacked.promise;
  const nack = first.nack();
  source.sink.revoke(source.deliveries.get(1) as Numbered);
  await expect(nack).rejects.toBeInstanceOf(LeaseLostError);
  nacked.resolve();
  await subscription.close();
  expect(source.calls).toEqual(['open', 'nack 1 0', 'close']);
});

test.each(['ack', 'nack'] as const)(
  'an %s that is permanently refused ends the subscription with the error',
  async (verb) => {
    const { source, subscription, first } = await manual([1]);
    const refusal = new AuthenticationError('no permission');
    source.onAck = () => Promise.reject(refusal);
    source.onSettle = () => Promise.reject(refusal);
    const waiting = subscription.next();
    await expect(first[verb]()).rejects.toBe(refusal);
    await expect(waiting).rejects.toBe(refusal);
    await expect(first.ack()).rejects.toBeInstanceOf(LeaseLostError);
    expect(source.calls.at(-1)).toBe('close');
  },
);

test('delivers a message again later, without an ack, if the broker permanently refuses to park it', async () => {
  const { source, subscription, first } = await manual([1]);
  const refusal = new PayloadTooLargeError('too large for the dead letters');
  source.onSettle = () => {
    source.onSettle = () => Promise.resolve();
    return Promise.reject(refusal);
  };
  await expect(first.deadLetter({ code: 'X' })).rejects.toBe(refusal);
  expect(first.signal.aborted).toBe(true);
  await subscription.close();
  expect(source.calls).toEqual(['open', 'dead-letter 1 X  ', 'nack 1 30000', 'close']);
});

test('retries a release that failed when reading stopped', async () => {
  const { source, subscription, first } = await manual([1]);
  source.deliver([2, 3]);
  source.onSettle = () => Promise.reject(gone);
  const closing = subscription.close();
  await expect.poll(() => source.calls.filter((call) => call === 'again release 2 3').length).toBeGreaterThan(1);
  source.onSettle = () => Promise.resolve();
  await first.ack();
  await closing;
  expect(source.calls.at(-1)).toBe('close');
});

test('sends acks of different lanes separately', async () => {
  const { source, subscription, messages } = await manual([1, 2, 3, 4]);
  const lanes = Object.assign(source, { laneOf: ({ n }: Numbered) => n % 2 });
  lanes.onAck = (deliveries) => (deliveries[0]?.n === 1 ? Promise.reject(gone) : Promise.resolve([]));
  const even = Promise.all([messages[1]?.ack(), messages[3]?.ack()]);
  const odd = Promise.all([messages[0]?.ack(), messages[2]?.ack()]);
  await even;
  expect(subscription.unsettled).toBe(2);
  lanes.onAck = () => Promise.resolve([]);
  await odd;
});
