import type { QueueMessage } from '@slack-mcp/core';
import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';
import { outcome, publishUntilConfirmed, takeAll } from './during-faults.ts';

const section = 'network';
const group = 'workers';

/** Properties for data that arrives only after its sender has stopped waiting for an answer. */
export const late: readonly Property[] = [
  {
    id: 'network.late-publish',
    title:
      'A publish that reaches the broker only after it was repeated loses no message, and is stored once if the backend declares `idempotentPublish`.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      await proxy.stall('to-broker');
      const repeated = context.within(
        backend.publish(KEY, { n: 2 }, { timeoutMs: context.deadlineMs }),
        'a publish that the backend itself has to send again',
      );
      repeated.catch(() => {});
      const error = await outcome(context, backend.publish(KEY, { n: 3 }, { messageId: 'm3', timeoutMs: 150 }));
      check.ok(error === undefined || (isQueueError(error) && error.retryable), `not retryable: ${error}`);
      await publishUntilConfirmed(context, backend, 3);
      await repeated;
      // The delayed messages arrive after these.
      for (const n of [4, 5]) await publishUntilConfirmed(context, backend, n);
      await proxy.heal();
      await proxy.stall('to-client');
      await publishUntilConfirmed(context, backend, 6);
      await proxy.heal();
      await publishUntilConfirmed(context, backend, 7);
      const published = numbers(7, 1);
      const reader = await context.consume(backend, { group });
      if (!context.capabilities.idempotentPublish) return takeAll(reader, published);
      await context.expectExactly(reader, backend, published, 'the delayed messages');
    },
  },
  {
    id: 'network.late-read',
    title: 'Messages delivered to a read that its consumer has abandoned still reach a consumer.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: 4 });
      await context.publish(backend, [0]);
      const inFlight = await reader.next();
      // A read that waits at the broker receives the first message. The next read is delayed.
      await proxy.stall('to-broker');
      const expected = numbers(40, 1);
      await context.publish(context.backend(), expected);
      const taken = await reader.take(3, 'messages on a new connection');
      // It arrives while the broker has more messages than the consumer has slots.
      await proxy.heal();
      const missing = new Set(expected);
      const settle = async (message: QueueMessage): Promise<void> => {
        const n = message.payload['n'] as number;
        missing.delete(n);
        // The message in flight stays unsettled until the end.
        if (n !== inFlight.payload['n']) await acked(message);
      };
      for (const message of taken) await settle(message);
      while (missing.size > 0) await settle(await reader.next(`${missing.size} messages after a late request`));
      await proxy.stall('to-client');
      await context.publish(context.backend(), [-1]);
      const delivered = await reader.next('a message whose delivery was delayed');
      await proxy.heal();
      await acked(delivered);
      await acked(inFlight);
    },
  },
];

/** Acks a message. Ignores the error if the lease was lost with the connection. */
async function acked(message: QueueMessage): Promise<void> {
  try {
    await message.ack();
  } catch (error) {
    if (!isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) throw error;
  }
}
