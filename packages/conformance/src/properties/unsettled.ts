import { isQueueError, type QueueMessage } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import type { Reader } from '../reader.ts';
import { notUp, takeAll } from './during-faults.ts';

const section = 'network';
const group = 'workers';

/** Settlements that the broker refuses or does not answer: each is carried out, or its message is delivered again. */
export const unsettled: readonly Property[] = [
  {
    id: 'network.settle-refused',
    title:
      'Settlements that the broker refuses for a while are carried out, `health()` counts them, and slots come back.',
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
      await context.within(settling, 'the settlements once the broker takes them');
      const again = await reader.take(count / 3, 'what was nacked');
      check.ok(
        again.every((message) => message.metadata.retryCount >= 1),
        'what was nacked has retryCount 0',
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
    title:
      'Settlements that are called during an outage are carried out after it, also those nobody waits for any more.',
    section,
    needs: { faults: ['proxy'], overrides: ['timeoutMs'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group], timeoutMs: 200 });
      // Its own, with all the time it needs.
      const publisher = context.backend({ groups: [group] });
      const count = 12;
      await context.publish(publisher, numbers(count));
      const reader = await context.consume(backend, { group, ack: 'manual', prefetch: count });
      const messages = await reader.take(count);
      await proxy.cut();
      const settle = async (message: QueueMessage, index: number): Promise<void> => {
        const settled = index % 3 === 0 ? message.deadLetter({ code: 'TEST' }) : message.ack();
        const error = await settled.catch((reason: unknown) => reason);
        check.ok(error === undefined || (isQueueError(error) && error.retryable), `not retryable: ${error}`);
      };
      await context.within(Promise.all(messages.map(settle)), 'the settlements to resolve, or to give up waiting');
      await proxy.heal();
      await expectRoom(context, reader, count);
      await context.eventually(async () => {
        const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
        return items.length === count / 3;
      }, 'the messages to be parked');
      await expectNothingLeft(context, reader);
    },
  },
  {
    id: 'network.settle-implicit',
    title: 'A plain loop goes on through an outage, and what it acked by asking for the next message stays acked.',
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
      // Acks the last one into the outage.
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
    title: 'What a consumer held that ended during an outage goes to others after it, although its backend lives on.',
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

/** The consumer takes as many messages as it has slots, without settling one; then acks them. */
async function expectRoom(context: PropertyContext, reader: Reader, slots: number): Promise<void> {
  await context.publish(context.backend(), numbers(slots, 1_000));
  const fresh = await reader.take(slots, 'a message for each slot that came back');
  await context.within(Promise.all(fresh.map((message) => message.ack())), 'acks');
}

/** The broker has every settlement: nothing is pending, and nothing comes to the next consumer. */
async function expectNothingLeft(context: PropertyContext, reader: Reader): Promise<void> {
  const { inspect, namespace } = context;
  const none = async (): Promise<boolean> => ((await inspect.pending?.(namespace, group)) ?? 0) === 0;
  await context.eventually(none, 'the broker to have every settlement');
  await reader.close();
  const backend = context.backend();
  const successor = await context.consume(backend, { group });
  await context.expectExactly(successor, backend, [], 'after every message was settled');
}
