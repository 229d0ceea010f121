import { isQueueError, LeaseLostError, type QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import type { Reader } from '../reader.ts';
import { notUp, takeAll } from './during-faults.ts';

const section = 'network';
const group = 'workers';

/**
 * Properties for settlements that the broker rejects or does not answer: the settlement takes effect later, or the
 * message is delivered again.
 */
export const unsettled: readonly Property[] = [
  {
    id: 'network.settle-refused',
    title:
      'Settlements that the broker temporarily rejects are carried out later. `health()` counts them, and their prefetch slots become free.',
    section,
    needs: { faults: ['writes'] },
    async run(context) {
      const { writes } = context.faults;
      const backend = context.backend({ groups: [group] });
      const count = 12;
      await context.publish(backend, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: count });
      const messages = await reader.take(count);
      await writes.refuse();
      const settling = Promise.all(
        messages.map((message, index) => {
          if (index % 3 === 0) return message.ack();
          return index % 3 === 1 ? message.nack() : message.deadLetter({ code: 'TEST' });
        }),
      );
      settling.catch(() => {});
      await context.eventually(async () => {
        const { status, detail } = await backend.health();
        return status !== 'up' && Number(detail['unsettled']) > 0;
      }, 'health() to count unsettled settlements');
      await writes.accept();
      await context.within(settling, 'the settlements once the broker accepts them');
      const again = await reader.take(count / 3, 'the nacked messages');
      check.ok(
        again.every((message) => message.metadata.retryCount >= 1),
        'a nacked message has retryCount 0',
      );
      await expectRoom(context, reader, count - again.length);
      await Promise.all(again.map((message) => message.ack()));
      const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
      check.equal(items.length, count / 3, 'dead letters');
      await expectNothingLeft(context, reader);
    },
  },
  {
    id: 'network.settle-unanswered',
    title: 'Settlements called during an outage are carried out after it, even if no caller waits for them any more.',
    section,
    needs: { faults: ['proxy'], overrides: ['timeoutMs'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group], timeoutMs: 200 });
      // A separate backend with the default timeout.
      const publisher = context.backend({ groups: [group] });
      const count = 12;
      await context.publish(publisher, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: count });
      const messages = await reader.take(count);
      await proxy.cut();
      // A backend whose leases last for a time keeps them. Elsewhere they may end with the connection.
      const keepsLeases = context.harness.overrides?.includes('leaseMs') === true;
      const settle = async (message: QueueMessage): Promise<void> => {
        const parks = Number(message.payload['n']) % 3 === 0;
        const error = await (parks ? message.deadLetter({ code: 'TEST' }) : message.ack()).catch((reason) => reason);
        const lost = !keepsLeases && error instanceof LeaseLostError;
        check.ok(error === undefined || lost || (isQueueError(error) && error.retryable), `not retryable: ${error}`);
      };
      await context.within(Promise.all(messages.map(settle)), 'the settlements to resolve or time out');
      await proxy.heal();
      if (keepsLeases) await expectRoom(context, reader, count);
      const settled = context.eventually(async () => {
        const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
        const parked = keepsLeases ? items.length : new Set(items.map(({ payload }) => payload?.['n'])).size;
        return parked === count / 3 && (await pendingOf(context)) === 0;
      }, 'the messages to be parked and the others to be acked');
      if (!keepsLeases) await settleAgain(reader, settled, settle);
      await settled;
      await expectNothingLeft(context, reader);
    },
  },
  {
    id: 'network.settle-implicit',
    title: 'A plain loop continues through an outage, and its implicit acks are not lost.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      const count = context.count(200, 20);
      await context.publish(backend, numbers(count));
      const reader = await context.consume(backend, { group, prefetch: 8 });
      const seen = new Set((await reader.take(5)).map((message) => message.payload['n'] as number));
      await proxy.cut();
      // Acks the last message during the outage.
      reader.ask();
      await notUp(context, backend);
      await proxy.heal();
      await takeAll(
        reader,
        numbers(count).filter((n) => !seen.has(n)),
      );
      reader.ask();
      await expectNothingLeft(context, reader);
    },
  },
  {
    id: 'network.leave-during-outage',
    title:
      'The messages of a consumer that ended during an outage go to other consumers afterwards, even if its backend stays open.',
    section,
    needs: { faults: ['proxy'], overrides: ['leaseMs'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group], leaseMs: 1_000 });
      await context.publish(backend, numbers(4));
      const leaving = await context.consume(backend, { group, ack: 'manual', prefetch: 4 });
      await leaving.take(2);
      await proxy.cut();
      await notUp(context, backend);
      await leaving.close(0);
      await proxy.heal();
      const staying = await context.consume(context.backend({ leaseMs: 1_000 }), { group });
      await takeAll(staying, numbers(4));
    },
  },
];

async function pendingOf({ inspect, namespace }: PropertyContext): Promise<number> {
  return (await inspect.pending?.(namespace, group)) ?? 0;
}

/** Settles messages that are delivered again because their lease ended with the connection. */
async function settleAgain(
  reader: Reader,
  until: Promise<unknown>,
  settle: (message: QueueMessage) => Promise<void>,
): Promise<void> {
  for (;;) {
    const message = await reader.nextBefore(until);
    if (message === undefined) return;
    await settle(message);
  }
}

/** Expects the consumer to receive one message per slot without settling any of the messages, then acks all of them. */
async function expectRoom(context: PropertyContext, reader: Reader, slots: number): Promise<void> {
  await context.publish(context.backend(), numbers(slots, 1_000));
  const fresh = await reader.take(slots, 'a message for each free slot');
  await context.within(Promise.all(fresh.map((message) => message.ack())), 'acks');
}

/**
 * Expects that the broker has received every settlement: no message is pending, and the next consumer receives no
 * message.
 */
async function expectNothingLeft(context: PropertyContext, reader: Reader): Promise<void> {
  await context.eventually(async () => (await pendingOf(context)) === 0, 'the broker to have every settlement');
  await reader.close();
  const backend = context.backend();
  const successor = await context.consume(backend, { group });
  await context.expectExactly(successor, backend, [], 'after every message was settled');
}
