import { expect, test } from 'vitest';
import { type Numbered, nextMessage, ScriptedSource, subscribe, take } from './scripted-source.ts';

function deliveryOf(source: ScriptedSource, n: number): Numbered {
  const delivery = source.deliveries.get(n);
  if (delivery === undefined) throw new Error(`${n} was not delivered`);
  return delivery;
}

test('takes back a buffered delivery, which frees its slot and is never handed out', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1, 2, 3]);
  expect(source.sink.recall(deliveryOf(source, 2))).toBe(true);
  expect(source.sink.free()).toBe(1);
  expect(await take(subscription, 2)).toEqual([1, 3]);
  await subscription.close({ drainTimeoutMs: 0 });
  expect(source.calls.filter((call) => call.includes('2'))).toEqual([]);
});

test('leaves a delivery that was handed out with its consumer', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual' });
  source.deliver([1]);
  const message = await nextMessage(subscription);
  expect(source.sink.recall(deliveryOf(source, 1))).toBe(false);
  expect(message.signal.aborted).toBe(false);
  await message.ack();
  expect(source.sink.recall(deliveryOf(source, 1))).toBe(false);
  expect(source.calls).toEqual(['open', 'ack 1']);
});

test('a recalled suspect does not keep other messages from being handed out', async () => {
  const source = new ScriptedSource();
  const subscription = subscribe(source, { ack: 'manual', prefetch: 3 });
  source.deliver([1]);
  await take(subscription, 1);
  source.deliver([2], { losses: 2 });
  source.deliver([3]);
  expect(source.sink.recall(deliveryOf(source, 2))).toBe(true);
  expect(await take(subscription, 1)).toEqual([3]);
});
