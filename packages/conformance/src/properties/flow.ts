import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'flow';
const group = 'workers';

/** What is bounded, and what is never dropped. */
export const flow: readonly Property[] = [
  {
    id: 'flow.prefetch',
    title: 'A slow consumer holds `prefetch` messages and no more: the rest of the backlog is there for others.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      // What is owed at one time must stay below the limits that backends have by default.
      const count = Math.min(50_000, context.count(100_000, 200));
      const prefetch = 7;
      await context.publish(backend, numbers(count));
      const slow = await context.consume(backend, { group, ack: 'manual', prefetch });
      const held = await slow.take(prefetch);
      slow.ask();
      const fast = await context.consume(backend, { group });
      const taken = new Set(held.map((message) => message.payload['n']));
      const rest = numbers(count).filter((n) => !taken.has(n));
      await context.collect(fast, rest, 'what a slow consumer does not hold');
    },
  },
  {
    id: 'flow.prefetch-buffer',
    title: 'A consumer that stopped asking buffers at most `prefetch` messages, those in hand included.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = context.count(1000, 50);
      await context.publish(backend, numbers(count));
      const slow = await context.consume(backend, { group, ack: 'manual', prefetch: 10 });
      const inHand = await slow.next();
      const fast = await context.consume(backend, { group });
      const seen = new Set<unknown>([inHand.payload['n']]);
      for (let index = 0; index < count - 10; index += 1) {
        const message = await fast.next(`message ${index + 1} of at least ${count - 10}`);
        check.ok(!seen.has(message.payload['n']), `${message.payload['n']} came twice`);
        seen.add(message.payload['n']);
      }
    },
  },
  {
    id: 'flow.prefetch-keys',
    title: 'A subscription to several keys holds `prefetch` messages of all of them together.',
    section,
    async run(context) {
      const keys = ['a', 'b', 'c', 'd', 'e'];
      const backend = context.backend({ groups: [group], keys });
      const prefetch = 3;
      const slow = await context.consume(backend, { group, keys, ack: 'manual', prefetch });
      // While it waits for the first message, one comes for each key.
      slow.ask();
      await Promise.all(keys.map((key, n) => context.publish(backend, [n], { key })));
      const held = await slow.take(prefetch);
      slow.ask();
      for (const [index, key] of keys.entries()) await context.publish(backend, numbers(10, 10 * (index + 1)), { key });
      const taken = new Set(held.map((message) => message.payload['n']));
      const rest = [...numbers(keys.length), ...numbers(10 * keys.length, 10)].filter((n) => !taken.has(n));
      const fast = await context.consume(backend, { group, keys });
      await context.collect(fast, rest, 'what a slow consumer does not hold');
    },
  },
  {
    id: 'flow.saturated',
    title: 'With `prefetch` messages in hand no more come; once they are acked, delivery goes on.',
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
        // What a whole turn through the broker takes is time enough for a message too many.
        const witness = await context.consume(backend, { keys: 'witness' });
        const turn = (async () => {
          await context.publish(backend, [round], { key: 'witness' });
          await witness.next('a message of another key');
        })();
        const surplus = await reader.nextBefore(turn);
        check.ok(surplus === undefined, `a message came beyond the ${prefetch} that were not acked`);
        await context.within(turn, 'a message of another key');
        await context.within(Promise.all(held.map((message) => message.ack())), 'acks');
      }
      check.equal(seen.size, 3 * prefetch, 'distinct messages');
    },
  },
  {
    id: 'flow.concurrent-publishes',
    title: 'Any number of publishes at once all settle, and each that resolved is delivered once.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const reader = await context.consume(backend, { group });
      const count = context.count(20_000, 500);
      const publishing = Promise.all(numbers(count).map((n) => backend.publish(KEY, { n })));
      const reading = context.collect(reader, numbers(count), `${count} publishes at once`);
      await Promise.all([context.within(publishing, `${count} publishes`), reading]);
    },
  },
  {
    id: 'flow.full',
    title:
      'A full queue refuses with a retryable ERR_QUEUE_FULL, keeps all that it took, and takes more once there is room.',
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
      check.ok(taken.length >= 20, `refused after ${taken.length} messages, with room for 20`);
      const reader = await context.consume(backend, { group });
      await context.collect(reader, taken, 'what was taken');
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
    title: 'History is trimmed, what a group is owed is not.',
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
    title: 'History that no group is owed is bounded, the oldest goes first.',
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
        // Brokers trim in blocks: what matters is that it does not grow with what was published.
        check.ok(seen.length <= count / 2, `${seen.length} messages of history, asked for 10`);
      }
      check.ok((seen[0] as number) > 0, 'the oldest message is still there');
    },
  },
];
