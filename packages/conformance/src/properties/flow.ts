import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'flow';
const group = 'workers';

/** The properties of flow control: a backend respects limits and drops no message. */
export const flow: readonly Property[] = [
  {
    id: 'flow.prefetch',
    title: 'A slow consumer takes at most `prefetch` messages: other consumers receive the rest of the backlog.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      // The backlog must stay below the default limits of the backends.
      const count = Math.min(50_000, context.count(100_000, 200));
      const prefetch = 7;
      await context.publish(backend, numbers(count));
      const slow = await context.consume(backend, { group, ack: 'manual', prefetch });
      const held = await slow.take(prefetch);
      slow.ask();
      const fast = await context.consume(backend, { group });
      const taken = new Set(held.map((message) => message.payload['n']));
      const rest = numbers(count).filter((n) => !taken.has(n));
      await context.collect(fast, rest, 'messages that the slow consumer did not take');
    },
  },
  {
    id: 'flow.prefetch-buffer',
    title: 'A consumer that requests no more messages buffers at most `prefetch` messages, including those in flight.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = context.count(1000, 50);
      await context.publish(backend, numbers(count));
      const slow = await context.consume(backend, { group, ack: 'manual', prefetch: 10 });
      const inFlight = await slow.next();
      const fast = await context.consume(backend, { group });
      const seen = new Set<unknown>([inFlight.payload['n']]);
      for (let index = 0; index < count - 10; index += 1) {
        const message = await fast.next(`message ${index + 1} of at least ${count - 10}`);
        check.ok(!seen.has(message.payload['n']), `${message.payload['n']} was delivered twice`);
        seen.add(message.payload['n']);
      }
    },
  },
  {
    id: 'flow.prefetch-keys',
    title: 'A subscription to several keys takes `prefetch` messages in total, not per key.',
    section,
    async run(context) {
      const keys = ['a', 'b', 'c', 'd', 'e'];
      const backend = context.backend({ groups: [group], keys });
      const prefetch = 3;
      const slow = await context.consume(backend, { group, keys, ack: 'manual', prefetch });
      // While it waits for the first message, each key receives one.
      slow.ask();
      await Promise.all(keys.map((key, n) => context.publish(backend, [n], { key })));
      const held = await slow.take(prefetch);
      slow.ask();
      for (const [index, key] of keys.entries()) await context.publish(backend, numbers(10, 10 * (index + 1)), { key });
      const taken = new Set(held.map((message) => message.payload['n']));
      const rest = [...numbers(keys.length), ...numbers(10 * keys.length, 10)].filter((n) => !taken.has(n));
      const fast = await context.consume(backend, { group, keys });
      await context.collect(fast, rest, 'messages that the slow consumer did not take');
    },
  },
  {
    id: 'flow.saturated',
    title: 'With `prefetch` messages in flight, no further message is delivered until a message is acked.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const prefetch = 5;
      await context.publish(backend, numbers(3 * prefetch));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch });
      const seen = new Set<unknown>();
      for (let round = 0; round < 3; round += 1) {
        const held = await reader.take(prefetch);
        for (const message of held) seen.add(message.payload['n']);
        // A complete round trip through the broker is enough time for a surplus message to arrive.
        const witness = await context.consume(backend, { keys: 'witness' });
        const turn = (async () => {
          await context.publish(backend, [round], { key: 'witness' });
          await witness.next('a message of another key');
        })();
        const surplus = await reader.nextBefore(turn);
        check.ok(surplus === undefined, `a message was delivered in addition to ${prefetch} unacknowledged ones`);
        await context.within(turn, 'a message of another key');
        await context.within(Promise.all(held.map((message) => message.ack())), 'acks');
      }
      check.equal(seen.size, 3 * prefetch, 'distinct messages');
    },
  },
  {
    id: 'flow.concurrent-publishes',
    title: 'Any number of concurrent publishes settle, and each confirmed message is delivered once.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const reader = await context.consume(backend, { group });
      const count = context.count(20_000, 500);
      const publishing = Promise.all(numbers(count).map((n) => backend.publish(KEY, { n })));
      const reading = context.collect(reader, numbers(count), `${count} concurrent publishes`);
      await Promise.all([context.within(publishing, `${count} publishes`), reading]);
    },
  },
  {
    id: 'flow.full',
    title:
      'A full queue rejects publishes with a retryable ERR_QUEUE_FULL, keeps all messages, and accepts more once there is room.',
    section,
    needs: { overrides: ['maxBacklog'] },
    async run(context) {
      const backend = context.backend({ groups: [group], maxBacklog: 20 });
      const taken: number[] = [];
      let refusal: unknown;
      for (const n of numbers(1000)) {
        try {
          await context.within(backend.publish(KEY, { n }), 'publish');
        } catch (error) {
          refusal = error;
          break;
        }
        taken.push(n);
      }
      check.ok(isQueueError(refusal, 'ERR_QUEUE_FULL') && refusal.retryable, `expected ERR_QUEUE_FULL, got ${refusal}`);
      check.ok(taken.length >= 20, `rejected after ${taken.length} messages, with room for 20`);
      const reader = await context.consume(backend, { group });
      await context.collect(reader, taken, 'the accepted messages');
      reader.ask();
      const accepted = async (): Promise<boolean> =>
        backend.publish(KEY, { n: 5000 }).then(
          () => true,
          () => false,
        );
      await context.eventually(accepted, 'room for one more');
      check.equal((await reader.next()).payload['n'], 5000, 'payload');
    },
  },
  {
    id: 'flow.owed-survives-trimming',
    title: 'History is trimmed, but messages that a group has not settled are kept.',
    section,
    needs: { overrides: ['maxLength'] },
    async run(context) {
      const backend = context.backend({ groups: [group, 'fast'], maxLength: 10 });
      const fast = await context.consume(backend, { group: 'fast' });
      const count = context.count(5000, 300);
      await context.publish(backend, numbers(count));
      await context.collect(fast, numbers(count), 'the fast group');
      await context.publish(backend, numbers(10, count));
      const slow = await context.consume(backend, { group });
      await context.collect(slow, numbers(count + 10), 'the slow group');
    },
  },
  {
    id: 'flow.history-bounded',
    title: 'History that no group needs is limited. The oldest messages are removed first.',
    section,
    needs: {
      overrides: ['maxLength'],
      capabilities: ({ retainsWithoutGroup }) => (retainsWithoutGroup ? undefined : 'no history is kept'),
    },
    async run(context) {
      const backend = context.backend({ groups: [group], maxLength: 10 });
      const reader = await context.consume(backend, { group });
      const count = context.count(5000, 1000);
      await context.publish(backend, numbers(count));
      await context.collect(reader, numbers(count), 'the group');
      reader.ask();
      const last = count + 10;
      await context.publish(backend, numbers(11, count));
      const late = await context.consume(backend, { group: 'late' });
      const seen: number[] = [];
      while (seen.at(-1) !== last) {
        seen.push((await late.next('the history')).payload['n'] as number);
        // Brokers trim in blocks. The history must only not grow with the number of published messages.
        check.ok(seen.length <= count / 2, `${seen.length} messages of history, the limit is 10`);
      }
      check.ok((seen[0] as number) > 0, 'the oldest message is still there');
    },
  },
];
