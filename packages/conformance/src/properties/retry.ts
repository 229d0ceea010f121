import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'retry';
const group = 'workers';

/** Properties for retries: when they happen and how they are counted. */
export const retry: readonly Property[] = [
  {
    id: 'retry.nack',
    title: 'A nacked message is delivered again, and all other messages are delivered too.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const count = context.count(200, 20);
      await context.publish(backend, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 2 });
      const missing = new Set(numbers(count));
      const nacked = new Set<number>();
      while (missing.size > 0) {
        const message = await reader.next();
        const n = message.payload['n'] as number;
        if (n % 3 === 0 && !nacked.has(n)) {
          nacked.add(n);
          await message.nack();
          continue;
        }
        check.ok(missing.delete(n), `${n} was delivered again although it was acked`);
        await message.ack();
      }
      await context.expectExactly(reader, backend, [], 'after all were acked');
    },
  },
  {
    id: 'retry.nack-delay',
    title: 'A message nacked with `delayMs` is delivered again after the delay, not earlier.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const delayMs = 250;
      const message = await reader.next();
      const start = performance.now();
      await message.nack({ delayMs });
      const again = await reader.next('the message again');
      const elapsed = performance.now() - start;
      check.equal(again.payload['n'], 1, 'payload');
      // Brokers count in whole milliseconds, on their own clock.
      check.ok(elapsed >= delayMs - 5, `it was delivered after ${Math.round(elapsed)} ms, the delay is ${delayMs} ms`);
    },
  },
  {
    id: 'retry.count',
    title:
      '`retryCount` and `deliveryCount` grow with every nack, by exactly one if the backend declares exact counts.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const failures: number[] = [];
      const deliveries: number[] = [];
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const message = await reader.next(`delivery ${attempt + 1}`);
        failures.push(message.metadata.retryCount);
        deliveries.push(message.metadata.deliveryCount);
        await message.nack();
      }
      if (context.capabilities.retryCount === 'exact') {
        check.equal(failures, [0, 1, 2, 3], 'retryCounts');
        check.equal(deliveries, [1, 2, 3, 4], 'deliveryCounts');
      }
      for (const counts of [failures, deliveries]) {
        const grows = counts.every((value, index) => index === 0 || value > (counts[index - 1] as number));
        check.ok(grows, `the counts do not grow: ${counts.join(', ')}`);
      }
      check.equal([failures[0], deliveries[0]], [0, 1], 'retryCount and deliveryCount of the first delivery');
    },
  },
  {
    id: 'retry.nack-frees-prefetch',
    title: 'A nacked message frees its prefetch slot, also during its retry delay.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3]);
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 1 });
      const seen: unknown[] = [];
      for (let index = 0; index < 3; index += 1) {
        const message = await reader.next(`message ${index + 1} of 3 with one slot`);
        seen.push(message.payload['n']);
        await message.nack({ delayMs: 600_000 });
      }
      check.equal(seen.sort(), [1, 2, 3], 'messages');
    },
  },
  {
    id: 'retry.poison',
    title: 'A message that fails repeatedly does not delay other keys.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1], { key: 'poison' });
      const reader = await context.consume(backend, { group, keys: ['poison', KEY], prefetch: 5 });
      const count = context.count(200, 20);
      const missing = new Set(numbers(count));
      await context.publish(backend, [...missing]);
      let failures = 0;
      while (missing.size > 0 || failures < 3) {
        const message = await reader.next(`${missing.size} messages beside a failing one`);
        if (message.metadata.key === 'poison') {
          failures += 1;
          check.ok(
            failures < 10 * count,
            `${failures} failures, and ${missing.size} other messages were not delivered`,
          );
          await message.nack({ delayMs: 20 });
        } else {
          check.ok(missing.delete(message.payload['n'] as number), `${message.payload['n']} was delivered twice`);
        }
      }
    },
  },
  {
    id: 'retry.order-across-nack',
    title: 'A nacked message is delivered again before later messages of its ordering key.',
    section,
    needs: {
      capabilities: ({ ordering, settlement }) =>
        ordering === 'ordering-key' && settlement === 'prefix'
          ? undefined
          : 'each message is retried on its own, and later messages may overtake it',
    },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      for (const n of numbers(10)) await backend.publish(KEY, { n }, { orderingKey: 'C1' });
      const reader = await context.consume(backend, { group });
      const processed: unknown[] = [];
      while (processed.length < 10) {
        const message = await reader.next();
        if (message.payload['n'] === 4 && message.metadata.retryCount === 0) await message.nack({ delayMs: 50 });
        else processed.push(message.payload['n']);
      }
      check.equal(processed, numbers(10), 'order of processing');
    },
  },
];
