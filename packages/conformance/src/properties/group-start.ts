import { check } from '../check.ts';
import { numbers } from '../context.ts';
import type { Property } from '../property.ts';

const group = 'workers';

/** Properties for the start of groups and the separation of keys. */
export const groupStart: readonly Property[] = [
  {
    id: 'delivery.from-earliest-again',
    title: '`from: earliest` does not restart an existing group: it continues at its position.',
    section: 'delivery',
    needs: {
      capabilities: ({ retainsWithoutGroup }) => (retainsWithoutGroup ? undefined : 'no history is kept'),
    },
    async run(context) {
      const backend = context.backend();
      await context.publish(backend, numbers(10));
      const reader = await context.consume(backend, { group, from: 'earliest' });
      await context.expectExactly(reader, backend, numbers(10), 'a new group');
      await reader.close();
      const again = await context.consume(context.backend(), { group, from: 'earliest' });
      await context.publish(backend, [50]);
      await context.collect(again, [-11, 50], 'the same group later');
    },
  },
  {
    id: 'delivery.from-time',
    title:
      'A new group and a consumer without a group can start at a time if the backend declares `startTime`. Otherwise, a time is rejected.',
    section: 'delivery',
    async run(context) {
      const backend = context.backend();
      if (context.capabilities.startTime !== true) {
        for (const options of [{ group }, {}]) {
          const consume = (): unknown => backend.consume({ ...options, from: new Date() });
          check.throws(consume, 'ERR_QUEUE_UNSUPPORTED', 'a time as the start');
        }
        return;
      }
      await context.publish(backend, numbers(10));
      const all = await context.consume(backend, { group, from: 'earliest' });
      const early = await context.collect(all, numbers(10), 'the early messages');
      const last = Math.max(...early.map(({ metadata }) => metadata.timestamp));
      // The first message with a later timestamp: several messages can have the same one.
      let first = 9;
      let timestamp = last;
      while (timestamp <= last) {
        first += 1;
        await context.publish(backend, [first]);
        timestamp = (await all.next()).metadata.timestamp;
      }
      const late = numbers(6, first);
      await context.publish(backend, late.slice(1));
      const from = new Date(timestamp);
      const replay = await context.consume(context.backend(), { group: 'replay', from });
      await context.expectExactly(replay, backend, late, 'a new group');
      const reader = await context.consume(context.backend(), { from });
      await context.expectExactly(reader, backend, [...late, -7], 'a consumer without a group');
      await replay.close();
      const again = await context.consume(context.backend(), { group: 'replay', from: new Date(0) });
      await context.publish(backend, [50]);
      await context.collect(again, [-7, -8, 50], 'the same group with an earlier time');
    },
  },
  {
    id: 'delivery.ready-barrier-group',
    title: 'Every new group that starts at `latest` receives the messages published after `ready`.',
    section: 'delivery',
    async run(context) {
      const backend = context.backend();
      const publisher = context.backend();
      for (const n of numbers(context.count(50, 5))) {
        const reader = await context.consume(backend, { group: `group-${n}`, from: 'latest' });
        await context.publish(publisher, [n]);
        check.equal((await reader.next('a message published after ready')).payload['n'], n, 'first message');
        await reader.close();
      }
    },
  },
  {
    id: 'contract.message-id-per-key',
    title: 'The same `messageId` on two keys identifies two messages: publishes are deduplicated per key.',
    section: 'contract',
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group, keys: ['one', 'two'] });
      await context.publish(backend, [1], { key: 'one', messageId: 'Ev1' });
      await context.publish(backend, [2], { key: 'two', messageId: 'Ev1' });
      await context.expectExactly(reader, backend, [1, 2], 'one messageId on two keys', 'one');
    },
  },
];
