import type { BackendCapabilities } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'retry';
const group = 'workers';

const exactly = ({ retryCount }: BackendCapabilities): string | undefined =>
  retryCount === 'exact' ? undefined : 'deliveries are counted approximately';

/** Properties for the retry count and the delivery count. */
export const counts: readonly Property[] = [
  {
    id: 'retry.count-handed-back',
    title:
      'A message that is buffered, released, or returned by a closing consumer counts neither as failed nor as delivered.',
    section,
    needs: { capabilities: exactly },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(6));
      for (let round = 0; round < 3; round += 1) {
        const leaving = await context.consume(backend, { group, ack: 'manual', prefetch: 6 });
        await leaving.take(2);
        await leaving.close(0);
      }
      const reader = await context.consume(context.backend(), { group, ack: 'manual' });
      for (const { metadata } of await context.collect(reader, numbers(6), 'returned messages')) {
        check.equal([metadata.retryCount, metadata.deliveryCount], [0, 1], 'retryCount and deliveryCount');
      }
    },
  },
  {
    id: 'retry.count-left-loop',
    title: 'Leaving a loop with a message in flight counts as a delivery, not as a failure.',
    section,
    needs: { capabilities: exactly },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const seen: unknown[] = [];
      for (let round = 0; round < 3; round += 1) {
        const reader = await context.consume(backend, { group });
        const { retryCount, deliveryCount } = (await reader.next()).metadata;
        seen.push([retryCount, deliveryCount]);
        await reader.return();
      }
      const expected = numbers(3).map((losses) => [0, losses + 1]);
      check.equal(seen, expected, 'retryCounts and deliveryCounts');
    },
  },
  {
    id: 'retry.alone',
    title: 'A message that was lost twice is delivered alone: its consumer has no other message in flight.',
    section,
    needs: { capabilities: exactly },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await loseTwice(context, 1);
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 4 });
      const suspect = await reader.next('the message that was lost twice');
      check.equal(suspect.payload['n'], 1, 'payload');
      await context.publish(backend, [2, 3, 4]);
      const witness = await context.consume(backend, { keys: 'witness' });
      const turn = (async () => {
        await context.publish(backend, [5], { key: 'witness' });
        await witness.next('a message of another key');
      })();
      check.ok((await reader.nextBefore(turn)) === undefined, 'another message was delivered at the same time');
      await context.within(turn, 'a message of another key');
      await suspect.ack();
      await context.collect(reader, [2, 3, 4], 'waiting messages');
    },
  },
  {
    id: 'retry.max-deliveries',
    title: 'A message that is delivered `maxDeliveries` times without an outcome is parked. Other messages are not.',
    section,
    needs: { overrides: ['maxDeliveries'], capabilities: exactly },
    async run(context) {
      const backend = context.backend({ groups: [group], maxDeliveries: 3 });
      await context.publish(backend, [1, 2]);
      for (let round = 0; round < 3; round += 1) {
        const reader = await context.consume(backend, { group, prefetch: 1 });
        const message = await reader.next();
        check.equal(message.payload['n'], 1, 'payload');
        await reader.return();
      }
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, [2], 'other messages');
      const parked = async (): Promise<unknown[] | undefined> => {
        const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
        return items.length === 0 ? undefined : items.map(({ payload, reason }) => [payload?.['n'], reason.code]);
      };
      const letters = await context.eventually(parked, 'the message among the dead letters');
      check.equal(letters, [[1, 'MAX_DELIVERIES']], 'dead letters');
    },
  },
];

/** Publishes a message and ends two loops while the message is in flight. */
async function loseTwice(context: PropertyContext, n: number): Promise<void> {
  const backend = context.backend({ groups: [group] });
  await context.publish(backend, [n]);
  for (let round = 0; round < 2; round += 1) {
    const reader = await context.consume(backend, { group });
    await reader.next();
    await reader.return();
  }
}
