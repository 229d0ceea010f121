import type { QueueMessage } from '@slack-mcp/core';
import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';
import type { Reader } from '../reader.ts';

const section = 'delivery';
const group = 'workers';

/** Properties for groups: which consumers receive a message. */
export const groups: readonly Property[] = [
  {
    id: 'delivery.group-shares',
    title:
      'The members of a group share its messages: each message goes to exactly one member, and every member receives some.',
    section,
    async run(context) {
      const members = Math.min(10, context.harness.maxMembers ?? 10);
      const count = context.count(10_000, 100);
      const readers: Reader[] = [];
      for (let index = 0; index < members; index += 1) {
        const backend = index % 2 === 0 ? context.backend() : context.backend({ groups: [group] });
        readers.push(await context.consume(backend, { group, prefetch: 2 }));
      }
      const publishing = context.publish(context.backend(), numbers(count));
      const seen: number[] = [];
      // Every member keeps its first message until all have one, so that no member can empty the queue alone.
      const firsts = await Promise.all(
        readers.map((reader, index) => reader.next(`the first message of member ${index}`)),
      );
      for (const message of firsts) seen.push(message.payload['n'] as number);
      let finish = (): void => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const drain = async (reader: Reader): Promise<void> => {
        for (;;) {
          const message = await reader.nextBefore(finished);
          if (message === undefined) return;
          seen.push(message.payload['n'] as number);
          if (seen.length >= count) finish();
        }
      };
      const draining = Promise.all(readers.map(drain));
      await publishing;
      await context.within(draining, `${count} messages for ${members} members`);
      check.equal(new Set(seen).size, count, `distinct messages of ${seen.length}`);
      check.equal(seen.length, count, 'deliveries');
      for (const reader of readers) await reader.return();
    },
  },
  {
    id: 'delivery.members-come-and-go',
    title: 'When members join and leave cleanly, no message is lost and no settled message is repeated.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = context.count(5000, 100);
      const publishing = context.publish(backend, numbers(count));
      const seen = new Map<number, number>();
      const member = async (quota: number): Promise<void> => {
        const reader = await context.consume(backend, { group, prefetch: 10 });
        let message: QueueMessage | undefined;
        for (let taken = 0; taken < quota && seen.size < count; taken += 1) {
          message = await reader.nextBefore(complete);
          if (message === undefined) break;
          const n = message.payload['n'] as number;
          seen.set(n, (seen.get(n) ?? 0) + 1);
          if (seen.size === count) completed();
        }
        await message?.ack();
        await reader.close();
      };
      let completed = (): void => {};
      const complete = new Promise<void>((resolve) => {
        completed = resolve;
      });
      const quota = Math.ceil(count / 20);
      const relay = async (): Promise<void> => {
        while (seen.size < count) await member(quota);
      };
      await context.within(Promise.all([publishing, relay(), relay(), relay()]), `${count} messages`);
      check.equal(seen.size, count, 'distinct messages');
      const doubled = [...seen.values()].filter((times) => times > 1).length;
      const bound = context.capabilities.settlement === 'individual' ? 0 : 60 * quota;
      check.ok(doubled <= bound, `${doubled} messages were delivered more than once`);
    },
  },
  {
    id: 'delivery.groups-independent',
    title: 'Every group receives every message once. Settlements of one group do not affect other groups.',
    section,
    async run(context) {
      const backend = context.backend();
      const first = await context.consume(backend, { group: 'first' });
      const second = await context.consume(backend, { group: 'second', ack: 'manual' });
      const count = context.count(1000, 50);
      await context.publish(backend, numbers(count));
      await context.expectExactly(first, backend, numbers(count), 'the first group');
      await first.close();
      for (const message of await second.take(3)) await message.nack();
      await second.close();
      const again = await context.consume(backend, { group: 'second' });
      // The second group also receives the message that ended the reading of the first.
      await context.collect(again, [...numbers(count), -1 - count], 'the second group');
    },
  },
  {
    id: 'delivery.owed-groups',
    title: 'A group in QUEUE_GROUPS also receives the messages published before its first member connected.',
    section,
    async run(context) {
      const { harness, namespace } = context;
      const count = context.count(500, 30);
      const env = { ...harness.envFor(namespace), QUEUE_GROUPS: 'by-env,by-env-too' };
      const byOption = context.backend({ groups: ['by-option'] });
      const byEnv = context.track(harness.Backend.fromEnv(env));
      for (const key of ['one', 'another']) await context.publish(byOption, numbers(count), { key });
      await context.publish(byEnv, numbers(count), { key: 'two' });
      const owed: [string, string][] = [
        ['by-option', 'one'],
        ['by-option', 'another'],
        ['by-env', 'two'],
        ['by-env-too', 'two'],
      ];
      const backend = context.backend();
      for (const [name, key] of owed) {
        // An existing group continues at its position, whatever its first member requests.
        const reader = await context.consume(backend, { group: name, keys: key, from: 'latest' });
        await context.collect(reader, numbers(count), `the messages of ${name}`);
      }
    },
  },
  {
    id: 'delivery.without-group',
    title:
      'Messages published before any group exists are kept for the first group if the backend declares `retainsWithoutGroup`. Otherwise, the publish is rejected.',
    section,
    async run(context) {
      const backend = context.backend();
      const publishing = context.within(backend.publish(KEY, { n: 1 }), 'publish');
      if (!context.capabilities.retainsWithoutGroup) {
        try {
          await publishing;
        } catch (error) {
          check.ok(isQueueError(error, 'ERR_QUEUE_UNROUTABLE'), `expected ERR_QUEUE_UNROUTABLE, got ${error}`);
          return;
        }
        check.ok(false, 'publish resolved although there was no group to receive the message');
      }
      await publishing;
      const reader = await context.consume(backend, { group });
      await context.expectExactly(reader, backend, [1], 'the first group');
    },
  },
  {
    id: 'delivery.from-earliest',
    title:
      'A new group receives the retained messages, then the new ones. `from: earliest` is rejected if the backend retains nothing.',
    section,
    async run(context) {
      const backend = context.backend({ groups: ['other'] });
      if (!context.capabilities.retainsWithoutGroup) {
        const consume = (): unknown => backend.consume({ group, keys: KEY, from: 'earliest' });
        check.throws(consume, 'ERR_QUEUE_UNSUPPORTED', 'from: earliest');
        return;
      }
      const other = await context.consume(backend, { group: 'other' });
      await context.publish(backend, numbers(20));
      await context.expectExactly(other, backend, numbers(20), 'the existing group');
      await other.close();
      const reader = await context.consume(backend, { group, from: 'earliest' });
      await context.publish(backend, numbers(5, 20));
      await context.collect(reader, [...numbers(25), -21], 'the new group');
    },
  },
  {
    id: 'delivery.from-latest',
    title:
      'A new group that starts at `latest` receives only messages published after `ready`. An existing group continues at its position.',
    section,
    async run(context) {
      const backend = context.backend({ groups: ['other'] });
      await context.publish(backend, [1, 2]);
      const reader = await context.consume(backend, { group, from: 'latest' });
      await context.publish(backend, [3]);
      await context.expectExactly(reader, backend, [3], 'a group from latest');
      await reader.close();
      await context.publish(backend, [5]);
      const again = await context.consume(backend, { group, from: 'latest' });
      await context.collect(again, [-2, 5], 'the same group later');
    },
  },
  {
    id: 'delivery.keys',
    title: 'A subscription receives the messages of its keys and is not delayed by messages of other keys.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = context.count(500, 20);
      for (const [index, key] of ['one', 'two', 'three'].entries()) {
        await context.publish(backend, numbers(count, index * count), { key });
      }
      const reader = await context.consume(backend, { group, keys: ['one', 'three'] });
      const expected = [...numbers(count), ...numbers(count, 2 * count)];
      const messages = await context.expectExactly(reader, backend, expected, 'two of three keys', 'one');
      for (const { payload, metadata } of messages) {
        check.equal(metadata.key, (payload['n'] as number) < count ? 'one' : 'three', `key of ${payload['n']}`);
      }
      const two = await context.consume(backend, { group, keys: 'two' });
      await context.collect(two, numbers(count, count), 'the third key');
    },
  },
  {
    id: 'delivery.order',
    title: 'Messages of an ordering key are delivered in the order of publishing while the group has one member.',
    section,
    needs: { capabilities: ({ ordering }) => (ordering === 'none' ? 'the backend declares no order' : undefined) },
    async run(context) {
      const backend = context.backend();
      const reader = await context.consume(backend, { group });
      const count = context.count(1000, 100);
      for (const n of numbers(count)) await backend.publish(KEY, { n }, { orderingKey: 'C1' });
      const seen = (await reader.take(count)).map((message) => message.payload['n']);
      check.equal(seen, numbers(count), 'order');
    },
  },
  {
    id: 'delivery.order-many-members',
    title: 'Messages of an ordering key are delivered in order, however many members the group has.',
    section,
    needs: {
      capabilities: ({ ordering }) =>
        ordering === 'ordering-key' ? undefined : 'several members of a group may process messages out of order',
    },
    async run(context) {
      const backend = context.backend();
      const members = Math.min(4, context.harness.maxMembers ?? 4);
      const readers: Reader[] = [];
      for (let index = 0; index < members; index += 1) readers.push(await context.consume(backend, { group }));
      const perKey = context.count(200, 20);
      const keys = Array.from({ length: 16 }, (_, index) => `C${index}`);
      const total = perKey * keys.length;
      const seen = new Map<string, number[]>(keys.map((key) => [key, []]));
      let received = 0;
      let finish = (): void => {};
      const finished = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const drain = async (reader: Reader): Promise<void> => {
        for (;;) {
          const message = await reader.nextBefore(finished);
          if (message === undefined) return;
          seen.get(message.metadata.orderingKey as string)?.push(message.payload['n'] as number);
          received += 1;
          if (received >= total) finish();
        }
      };
      const draining = Promise.all(readers.map(drain));
      for (const n of numbers(perKey)) {
        await Promise.all(keys.map((orderingKey) => backend.publish(KEY, { n }, { orderingKey })));
      }
      await context.within(draining, `${total} messages`);
      for (const [key, order] of seen) check.equal(order, numbers(perKey), `order of ${key}`);
    },
  },
];
