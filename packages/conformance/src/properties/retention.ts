import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'flow';
const group = 'workers';

/** Properties for messages that a full queue or trimming must not drop. */
export const retention: readonly Property[] = [
  {
    id: 'flow.refused-then-stored',
    title:
      'A publish that a full queue rejected succeeds when it is repeated with the same `messageId` and there is room.',
    section,
    needs: { overrides: ['maxBacklog'] },
    async run(context) {
      const backend = context.backend({ groups: [group], maxBacklog: 20 });
      const publish = (n: number): Promise<unknown> =>
        context.within(
          backend.publish(KEY, { n }, { messageId: `Ev${n}` }).then(
            () => undefined,
            (error: unknown) => error,
          ),
          'publish',
        );
      let refused = 0;
      let refusal: unknown;
      while (refused < 1000) {
        refusal = await publish(refused);
        if (refusal !== undefined) break;
        refused += 1;
      }
      check.ok(isQueueError(refusal, 'ERR_QUEUE_FULL'), `expected ERR_QUEUE_FULL, got ${refusal}`);
      const reader = await context.consume(backend, { group });
      await context.collect(reader, numbers(refused), 'the accepted messages');
      reader.ask();
      await context.eventually(async () => (await publish(refused)) === undefined, 'room for the rejected message');
      await context.expectExactly(reader, backend, [refused], 'the rejected message, published again');
    },
  },
  {
    id: 'flow.unsettled-survives-trimming',
    title: 'Messages that are in flight, nacked or waiting for a retry are not trimmed with the surrounding history.',
    section,
    needs: { overrides: ['maxLength'] },
    async run(context) {
      const backend = context.backend({ groups: [group], maxLength: 10 });
      const count = context.count(5000, 300);
      await context.publish(backend, numbers(3));
      const holder = await context.consume(backend, { group, ack: 'manual', prefetch: 1 });
      const held = (await holder.next()).payload['n'] as number;
      const others = [0, 1, 2].filter((n) => n !== held);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const missing = new Set(numbers(count + 3));
      const delays = new Map([
        [others[0], 200],
        [others[1], 0],
      ]);
      const read = async (): Promise<void> => {
        const message = await reader.next(`${missing.size} messages around the unsettled ones`);
        const n = message.payload['n'] as number;
        const delayMs = delays.get(n);
        if (delayMs !== undefined) {
          delays.delete(n);
          await message.nack({ delayMs });
          return;
        }
        check.ok(missing.delete(n), `${n} was delivered twice`);
        await message.ack();
      };
      while (delays.size > 0) await read();
      await context.publish(backend, numbers(count, 3));
      while (missing.size > 1) await read();
      await context.publish(backend, numbers(20, count + 3));
      for (const n of numbers(20, count + 3)) missing.add(n);
      while (missing.size > 1) await read();
      await holder.close();
      await read();
      check.equal([...missing], [], 'missing messages');
    },
  },
];
