import type { QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'delivery';
const group = 'workers';

/** Properties for settlement: when a message counts as processed. */
export const settlement: readonly Property[] = [
  {
    id: 'delivery.ack-on-next',
    title: 'Requesting the next message acks only the previous one. The message in flight is not acked.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3]);
      const reader = await context.consume(backend, { group });
      const [, , inFlight] = (await reader.take(3)) as [QueueMessage, QueueMessage, QueueMessage];
      const { inspect, namespace } = context;
      const one = async (): Promise<boolean> => ((await inspect.pending?.(namespace, group)) ?? 1) === 1;
      await context.eventually(one, 'the broker to count only the message in flight as pending');
      await reader.return();
      await reader.close();
      const n = inFlight.payload['n'] as number;
      const successor = await context.consume(backend, { group });
      const [again] = await context.expectExactly(successor, backend, [n], 'redelivery of the message in flight');
      check.ok(again !== undefined && again.metadata.deliveryCount >= 2, 'the redelivery has deliveryCount 1');
    },
  },
  {
    id: 'delivery.throw-redelivers',
    title: 'An error thrown in the loop does not ack the message: it is delivered again with a higher `deliveryCount`.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const fails = (async () => {
        for await (const message of backend.consume({ group, keys: KEY })) throw new Error(`${message.payload['n']}`);
      })();
      await context.within(
        fails.then(
          () => check.ok(false, 'the loop did not throw the error'),
          (error: Error) => check.equal(error.message, '1', 'the error of the loop'),
        ),
        'the loop to throw',
      );
      const reader = await context.consume(backend, { group });
      const message = await reader.next('the message again');
      check.equal(message.payload['n'], 1, 'payload');
      check.ok(message.metadata.deliveryCount >= 2, `deliveryCount is ${message.metadata.deliveryCount}`);
    },
  },
  {
    id: 'delivery.break-redelivers',
    title: '`break` never acks: the message in flight is delivered again, to any member.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2]);
      const loop = (async () => {
        for await (const message of backend.consume({ group, keys: KEY })) return message.payload['n'] as number;
        return undefined;
      })();
      const broken = await context.within(loop, 'the loop to break');
      check.ok(broken !== undefined, 'the loop ended by itself');
      const reader = await context.consume(context.backend(), { group });
      await context.expectExactly(reader, backend, [1, 2], 'redelivery after break');
    },
  },
  {
    id: 'delivery.ack-then-break',
    title: '`await message.ack(); break` acks the message: it is not delivered again.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3]);
      let acked: unknown;
      const loop = (async () => {
        for await (const message of backend.consume({ group, keys: KEY })) {
          await message.ack();
          acked = message.payload['n'];
          break;
        }
      })();
      await context.within(loop, 'the loop to break');
      const reader = await context.consume(backend, { group });
      const rest = [1, 2, 3].filter((n) => n !== acked);
      await context.expectExactly(reader, backend, rest, 'after ack and break');
    },
  },
  {
    id: 'delivery.manual',
    title:
      'With `ack: manual`, requesting the next message acks nothing: only explicitly acked messages are not delivered again.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(6));
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const messages = await reader.take(6);
      const first = messages.slice(0, 2);
      await context.within(Promise.all(first.map((message) => message.ack())), 'two acks');
      await reader.close(0);
      const rest = messages.slice(2).map((message) => message.payload['n'] as number);
      const successor = await context.consume(backend, { group });
      await context.expectExactly(successor, backend, rest, 'redelivery of the other messages');
    },
  },
  {
    id: 'delivery.out-of-order-acks',
    title: 'Acks out of order never ack a message that was not acked.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = Math.min(1000, context.count(100, 12));
      await context.publish(backend, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: count });
      const messages = await reader.take(count);
      const held = new Set([0, Math.floor(count / 2)]);
      const acked = messages.filter((_, index) => !held.has(index)).reverse();
      for (const message of acked) await context.within(message.ack(), 'ack');
      await reader.close(0);
      const unacked = messages.filter((_, index) => held.has(index)).map((message) => message.payload['n'] as number);
      const successor = await context.consume(backend, { group });
      if (context.capabilities.settlement === 'individual') {
        await context.expectExactly(successor, backend, unacked, 'redelivery of the unacked messages');
        return;
      }
      const missing = new Set(unacked);
      while (missing.size > 0) missing.delete((await successor.next('an unacked message')).payload['n'] as number);
    },
  },
  {
    id: 'delivery.settle-twice',
    title: 'A second settlement has no effect: the first one wins, and the consumer continues.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3, 4]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const [acked, nacked, parked, both] = (await reader.take(4)) as [
        QueueMessage,
        QueueMessage,
        QueueMessage,
        QueueMessage,
      ];
      const settle = async (): Promise<void> => {
        await acked.ack();
        await acked.ack();
        await acked.nack();
        await acked.deadLetter({ code: 'LATE' });
        await parked.deadLetter({ code: 'FIRST' });
        await parked.deadLetter({ code: 'SECOND' });
        await parked.nack();
        await Promise.all([both.ack(), both.nack(), both.ack()]);
        await nacked.nack();
        await nacked.ack();
        await nacked.nack();
      };
      await context.within(settle(), 'the settlements');
      const n = nacked.payload['n'] as number;
      const again = await reader.next('the message that was nacked');
      check.equal(again.payload['n'], n, 'redelivered message');
      await again.ack();
      await context.expectExactly(reader, backend, [], 'after settling twice');
      const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
      check.equal(
        items.map((item) => item.reason.code),
        ['FIRST'],
        'dead letters',
      );
    },
  },
];
