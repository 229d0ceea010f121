import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'delivery';

/** Properties for consumers without a group. */
export const independent: readonly Property[] = [
  {
    id: 'delivery.independent',
    title: 'Every independent consumer receives all messages published after `ready`, and no earlier ones.',
    section,
    async run(context) {
      const backend = context.backend({ groups: ['workers'] });
      await context.publish(backend, [1]);
      const first = await context.consume(backend);
      const second = await context.consume(context.backend());
      await context.publish(backend, numbers(20, 2));
      await context.expectExactly(first, backend, numbers(20, 2), 'the first consumer');
      await first.close();
      await context.publish(backend, [100]);
      await context.collect(second, [...numbers(20, 2), -21, 100], 'the second consumer');
      const late = await context.consume(backend);
      await context.expectExactly(late, backend, [], 'a later consumer');
    },
  },
  {
    id: 'delivery.independent-misses-nothing',
    title: 'An independent consumer misses no message that is published between two of its reads.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { prefetch: 1 });
      const rounds = context.count(200, 20);
      for (let round = 0; round < rounds; round += 1) {
        const batch = numbers(3, round * 3);
        await context.publish(backend, batch);
        await context.collect(reader, batch, `round ${round}`);
      }
    },
  },
  {
    id: 'delivery.ready-barrier',
    title: 'An independent consumer always receives a message that is published immediately after `ready`.',
    section,
    async run(context) {
      const backend = context.backend();
      const rounds = context.count(1000, 25);
      for (let round = 0; round < rounds; round += 1) {
        const reader = await context.consume(backend);
        await backend.publish(KEY, { n: round });
        check.equal((await reader.next(`the message of round ${round}`)).payload['n'], round, 'payload');
        await reader.close(0);
      }
    },
  },
  {
    id: 'delivery.independent-nack',
    title: 'A message that an independent consumer nacks is delivered again only to that consumer.',
    section,
    async run(context) {
      const backend = context.backend();
      const first = await context.consume(backend, { ack: 'manual' });
      const second = await context.consume(backend);
      const member = await context.consume(backend, { group: 'workers' });
      await context.publish(backend, [1]);
      const message = await first.next();
      await message.nack();
      const again = await first.next('the message again');
      check.equal(again.payload['n'], 1, 'payload');
      check.ok(again.metadata.retryCount >= 1, `retryCount is ${again.metadata.retryCount}`);
      await again.ack();
      await context.expectExactly(second, backend, [1], 'another independent consumer');
      await context.collect(member, [1, -2], 'a group on the same key');
    },
  },
  {
    id: 'delivery.independent-beside-groups',
    title: 'Independent consumers and groups on one key do not take messages from each other.',
    section,
    async run(context) {
      const backend = context.backend();
      const member = await context.consume(backend, { group: 'workers' });
      const reader = await context.consume(backend);
      const count = context.count(1000, 50);
      await context.publish(backend, numbers(count));
      await Promise.all([
        context.collect(member, numbers(count), 'the group'),
        context.collect(reader, numbers(count), 'the independent consumer'),
      ]);
    },
  },
  {
    id: 'delivery.independent-leaves-nothing',
    title: 'An independent consumer leaves nothing at the broker.',
    section,
    needs: { inspect: ['objects'] },
    async run(context) {
      const { inspect, namespace } = context;
      const backend = context.backend({ groups: ['workers'] });
      await context.publish(backend, [1]);
      const objects = async (): Promise<string[]> => [...((await inspect.objects?.(namespace)) ?? [])].sort();
      const before = await objects();
      const closed = await context.consume(backend);
      const returned = await context.consume(backend);
      await context.publish(backend, [2, 3]);
      await closed.next();
      await closed.close();
      await returned.next();
      await returned.return();
      const same = async (): Promise<boolean> => JSON.stringify(await objects()) === JSON.stringify(before);
      await context.eventually(same, 'the same objects at the broker as before');
    },
  },
  {
    id: 'delivery.independent-dead-letter',
    title:
      '`deadLetter` of an independent consumer rejects with ERR_QUEUE_UNSUPPORTED. The message can still be settled.',
    section,
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { ack: 'manual' });
      await context.publish(backend, [1]);
      const message = await reader.next();
      await check.rejects(message.deadLetter({ code: 'TEST' }), 'ERR_QUEUE_UNSUPPORTED', 'deadLetter without a group');
      await message.nack();
      check.equal((await reader.next('the message again')).payload['n'], 1, 'payload');
    },
  },
];
