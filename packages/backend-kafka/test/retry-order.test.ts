import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import type { QueueMessage } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { freshBackend, KEY, numbersOf, receive, receiveMany } from './fresh-backend.ts';

describeWithBroker('kafka', ({ url }) => {
  const brokers = url.split(',');

  test('a nacked message is delivered again before later messages of its ordering key, and others do not wait', async () => {
    const backend = freshBackend({ brokers, groups: ['workers'] });
    for (let n = 0; n < 12; n += 1) await backend.publish(KEY, { n }, { orderingKey: n % 2 === 0 ? 'even' : 'odd' });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const processed: number[] = [];
    let isNacked = false;
    while (processed.length < 12) {
      const message = await receive(subscription);
      const n = message.payload['n'] as number;
      if (n === 2 && !isNacked) {
        isNacked = true;
        // Longer than the other ordering key takes on a busy machine, with a commit for each message.
        await message.nack({ delayMs: 3_000 });
        continue;
      }
      processed.push(n);
      await message.ack();
    }
    expect(processed.filter((n) => n % 2 === 0)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(processed.slice(0, 7)).toEqual([0, 1, 3, 5, 7, 9, 11]);
  });

  test('of two nacked messages of an ordering key, the earlier one comes first, whatever their delays', async () => {
    const backend = freshBackend({ brokers, groups: ['workers'] });
    for (let n = 0; n < 4; n += 1) await backend.publish(KEY, { n }, { orderingKey: 'C1' });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    const [first, second] = (await receiveMany(subscription, 2)) as [QueueMessage, QueueMessage];
    await second.nack();
    await first.nack({ delayMs: 200 });
    const again: QueueMessage[] = [];
    while (again.length < 4) {
      again.push(await receive(subscription));
      await again.at(-1)?.ack();
    }
    expect(numbersOf(again)).toEqual([0, 1, 2, 3]);
    expect(again.map(({ metadata }) => metadata.retryCount)).toEqual([1, 1, 0, 0]);
  });

  test('a message that is parked does not hold back later ones', async () => {
    const backend = freshBackend({ brokers, groups: ['workers'] });
    for (let n = 0; n < 3; n += 1) await backend.publish(KEY, { n }, { orderingKey: 'C1' });
    const subscription = backend.consume({ group: 'workers', keys: KEY, ack: 'manual' });
    await (await receive(subscription)).nack();
    const again = await receive(subscription);
    await again.deadLetter({ code: 'TEST' });
    const rest = await receiveMany(subscription, 2);
    expect(numbersOf([again, ...rest])).toEqual([0, 1, 2]);
  });
});
