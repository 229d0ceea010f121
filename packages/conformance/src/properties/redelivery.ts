import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'retry';
const group = 'workers';

/** Properties for redelivery and for the data that a redelivered message keeps. */
export const redelivery: readonly Property[] = [
  {
    id: 'retry.delay-outlives-consumer',
    title: 'A message that waits for its retry survives the end of its consumer: another member receives it.',
    section,
    async run(context) {
      const leaving = context.backend({ groups: [group] });
      const staying = context.backend();
      await context.publish(leaving, [1, 2]);
      const first = await context.consume(leaving, { group, ack: 'manual', prefetch: 1 });
      await (await first.next()).nack({ delayMs: 200 });
      await first.close();
      const second = await context.consume(leaving, { group, ack: 'manual', prefetch: 1 });
      await (await second.next()).nack({ delayMs: 200 });
      await context.within(leaving.close({ drainTimeoutMs: 0 }), 'close');
      const reader = await context.consume(staying, { group });
      await context.expectExactly(reader, staying, [1, 2], 'after the end of the consumers that delayed them');
    },
  },
  {
    id: 'retry.metadata',
    title: 'A redelivered message has the same `messageId`, timestamp, headers, ordering key and payload.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      const options = { messageId: 'Ev1', headers: { 'x-trace': 'a b' }, orderingKey: 'C1' };
      await context.publish(backend, [1], options);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const message = await reader.next();
      const seen = ({ payload, metadata }: typeof message): unknown => {
        const { retryCount: _, deliveryCount: __, headers, ...rest } = metadata;
        return { payload, ...rest, headers: { ...headers } };
      };
      await message.nack();
      const nacked = await reader.next('the message that was nacked');
      check.equal(seen(nacked), seen(message), 'after nack');
      await nacked.nack({ delayMs: 20 });
      const delayed = await reader.next('the message that was delayed');
      check.equal(seen(delayed), seen(message), 'after a delay');
      await reader.close();
      const other = await context.consume(context.backend(), { group });
      check.equal(seen(await other.next('the message that was released')), seen(message), 'at another member');
    },
  },
  {
    id: 'retry.shorter-delay',
    title: 'A message with a short retry delay does not wait for an earlier one with a longer delay.',
    section,
    needs: {
      capabilities: ({ settlement }) => (settlement === 'prefix' ? 'later messages wait for earlier ones' : undefined),
    },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      await (await reader.next()).nack({ delayMs: 600_000 });
      const second = await reader.next();
      await second.nack({ delayMs: 20 });
      const again = await reader.next('the message with the shorter delay');
      check.equal(again.metadata.messageId, second.metadata.messageId, 'messageId');
    },
  },
  {
    id: 'retry.order-across-release',
    title: 'Messages that were only buffered when their consumer ended keep their order for the next single consumer.',
    section,
    needs: { capabilities: ({ ordering }) => (ordering === 'none' ? 'the backend declares no order' : undefined) },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      for (const n of numbers(12)) {
        await context.within(backend.publish(KEY, { n }, { orderingKey: 'C1' }), 'publish');
      }
      const leaving = await context.consume(backend, { group, ack: 'manual', prefetch: 8 });
      for (const message of await leaving.take(3)) await message.ack();
      await leaving.close();
      const reader = await context.consume(backend, { group });
      const seen = (await reader.take(9)).map((message) => message.payload['n']);
      check.equal(seen, numbers(9, 3), 'order');
    },
  },
  {
    id: 'retry.count-shared',
    title: 'Other members and instances continue the `retryCount` of a message.',
    section,
    async run(context) {
      await context.publish(context.backend({ groups: [group] }), [1]);
      const counts: number[] = [];
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const reader = await context.consume(context.backend(), { group, ack: 'manual' });
        const message = await reader.next(`delivery ${attempt + 1}`);
        counts.push(message.metadata.retryCount);
        await message.nack();
        await reader.close();
      }
      if (context.capabilities.retryCount === 'approximate') {
        check.ok((counts.at(-1) as number) > 0, `retryCounts do not grow: ${counts.join(', ')}`);
        return;
      }
      // A message that returned to the buffer of the consumer that nacked it was not delivered there.
      check.equal(counts, [0, 1, 2, 3], 'retryCounts');
    },
  },
  {
    id: 'retry.poison-same-key',
    title: 'A message that fails repeatedly does not delay other messages of its key.',
    section,
    needs: {
      capabilities: ({ settlement }) => (settlement === 'prefix' ? 'later messages wait for earlier ones' : undefined),
    },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1]);
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 2 });
      const count = context.count(200, 20);
      const missing = new Set(numbers(count));
      await context.publish(backend, [...missing]);
      let failures = 0;
      while (missing.size > 0) {
        const message = await reader.next(`${missing.size} messages beside a failing one`);
        const n = message.payload['n'] as number;
        if (n >= 0) {
          check.ok(missing.delete(n), `${n} was delivered twice`);
          await message.ack();
          continue;
        }
        failures += 1;
        check.ok(
          failures < 10 * count,
          `the message failed ${failures} times, and ${missing.size} others were not delivered`,
        );
        await message.nack({ delayMs: 20 });
      }
      while (failures < 2) {
        await (await reader.next('the failing message again')).nack();
        failures += 1;
      }
    },
  },
];
