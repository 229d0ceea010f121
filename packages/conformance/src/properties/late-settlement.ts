import type { QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';

const section = 'lifecycle';
const group = 'workers';

/** Properties for settlements after a subscription has been asked to end. */
export const lateSettlement: readonly Property[] = [
  {
    id: 'lifecycle.abort-then-settle',
    title: 'After an abort, messages in flight can also be nacked and parked. Neither counts as an ack.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1, 2, 3]);
      const controller = new AbortController();
      const { signal } = controller;
      const leaving = await context.consume(backend, { group, ack: 'manual', signal });
      const inFlight = (await leaving.take(3)) as [QueueMessage, QueueMessage, QueueMessage];
      controller.abort();
      const [nacked, parked, acked] = inFlight;
      await context.within(nacked.nack(), 'nack after abort');
      await context.within(parked.deadLetter({ code: 'TEST' }), 'deadLetter after abort');
      await context.within(acked.ack(), 'ack after abort');
      const staying = await context.consume(backend, { group });
      const n = nacked.payload['n'] as number;
      const [again] = await context.expectExactly(staying, backend, [n], 'the message nacked after abort');
      check.ok(again !== undefined && again.metadata.retryCount >= 1, 'retryCount of the redelivery is 0');
      const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
      check.equal(
        items.map((item) => item.payload?.['n']),
        [parked.payload['n']],
        'dead letters',
      );
    },
  },
  {
    id: 'lifecycle.subscription-drain',
    title:
      '`close()` of a subscription releases buffered messages and waits up to the drain time for messages in flight.',
    section,
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(5));
      const leaving = await context.consume(backend, { group, ack: 'manual' });
      const message = await leaving.next();
      let closed = false;
      const closing = leaving.close(context.deadlineMs).then(() => {
        closed = true;
      });
      const staying = await context.consume(backend, { group });
      const rest = numbers(5).filter((n) => n !== message.payload['n']);
      await context.collect(staying, rest, 'the buffered messages');
      check.ok(!closed, 'close() did not wait for the message in flight');
      check.ok(!message.signal.aborted, 'the message in flight was taken away during the drain time');
      await context.within(message.ack(), 'ack while draining');
      await closing;
      await context.expectExactly(staying, backend, [], 'after draining');
      const hanging = await context.consume(backend, { group, ack: 'manual' });
      await staying.close();
      const [last] = await hanging.take(1);
      await hanging.close(50);
      check.ok(last?.signal.aborted, 'the message in flight was not taken away after the drain time');
    },
  },
];
