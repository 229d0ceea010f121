import { setTimeout as elapse } from 'node:timers/promises';
import { isQueueError } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers } from '../context.ts';
import type { Property } from '../property.ts';
import { notUp, outcome, publishAndCut, takeAll } from './during-faults.ts';

const section = 'network';
const group = 'workers';

/** Properties for an unavailable broker. */
export const outage: readonly Property[] = [
  {
    id: 'network.publish-waits',
    title:
      'A publish during an outage waits, and resolves once the broker is available again and has stored the message.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await publishAndCut(context, backend);
      let settled = false;
      const publishing = backend.publish(KEY, { n: 2 }, { timeoutMs: context.deadlineMs }).finally(() => {
        settled = true;
      });
      publishing.catch(() => {});
      await notUp(context, backend);
      // A second publish with a short timeout shows that time has passed.
      await outcome(context, backend.publish(KEY, { n: 3 }, { timeoutMs: 100 }));
      check.ok(!settled, 'the publish settled during the outage');
      await proxy.heal();
      await context.within(publishing, 'the publish once the broker is available');
      const reader = await context.consume(backend, { group });
      await takeAll(reader, [1, 2]);
    },
  },
  {
    id: 'network.publish-times-out',
    title: 'A publish whose broker stays unavailable rejects with a retryable error after `timeoutMs`.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await publishAndCut(context, backend);
      const confirmed: number[] = [];
      for (const n of numbers(3, 2)) {
        const error = await outcome(context, backend.publish(KEY, { n }, { timeoutMs: 100 }));
        check.ok(error !== undefined, 'a publish resolved although the broker was unavailable');
        check.ok(isQueueError(error) && error.retryable, `expected a retryable error, got ${error}`);
      }
      await proxy.heal();
      for (const n of numbers(3, 5)) {
        await context.within(backend.publish(KEY, { n }, { timeoutMs: context.deadlineMs }), 'publish afterwards');
        confirmed.push(n);
      }
      const reader = await context.consume(backend, { group });
      await takeAll(reader, [1, ...confirmed]);
    },
  },
  {
    id: 'network.publish-ambiguous',
    title:
      'A publish whose answer is lost is repeated, or rejects with a retryable error. Publishing again with its `messageId` succeeds.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      await proxy.dropReplies();
      const error = await outcome(context, backend.publish(KEY, { n: 2 }, { messageId: 'Ev2', timeoutMs: 150 }));
      check.ok(error !== undefined, 'a publish resolved although no answer came');
      check.ok(isQueueError(error) && error.retryable, `expected a retryable error, got ${error}`);
      await proxy.heal();
      const again = backend.publish(KEY, { n: 2 }, { messageId: 'Ev2', timeoutMs: context.deadlineMs });
      await context.within(again, 'the same publish again');
      const reader = await context.consume(backend, { group });
      const ids = new Set<string>();
      for (let missing = 2; missing > 0; ) {
        const { payload, metadata } = await reader.next('both messages');
        if (payload['n'] === 2) check.equal(metadata.messageId, 'Ev2', 'messageId');
        if (!ids.has(metadata.messageId)) missing -= 1;
        ids.add(metadata.messageId);
      }
      if (context.capabilities.idempotentPublish) await context.expectExactly(reader, backend, [], 'after both');
    },
  },
  {
    id: 'network.absent-at-start',
    title:
      'If the broker is unavailable at the start, `ready` and `publish` wait, and `health()` does not report `up`. Both continue once the broker is available.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      await proxy.cut();
      const backend = context.backend({ groups: [group] });
      const reader = context.read(backend, { group });
      let ready = false;
      void reader.subscription.ready.then(() => {
        ready = true;
      });
      const publishing = backend.publish(KEY, { n: 1 }, { timeoutMs: context.deadlineMs });
      publishing.catch(() => {});
      await notUp(context, backend);
      check.ok(!ready, 'ready resolved without a broker');
      const error = await outcome(context, backend.publish(KEY, { n: 2 }, { timeoutMs: 100 }));
      check.ok(isQueueError(error) && error.retryable, `expected a retryable error, got ${error}`);
      await proxy.heal();
      await context.within(reader.subscription.ready, 'ready once the broker is available');
      await context.within(publishing, 'the publish once the broker is available');
      await takeAll(reader, [1]);
    },
  },
  {
    id: 'network.dead-letter-fails',
    title: 'A message whose parking fails is not acked: after the outage it is parked or delivered again, never lost.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const reader = await context.consume(backend, { group, ack: 'manual' });
      const message = await reader.next();
      await proxy.cut();
      let settled = false;
      const parking = message
        .deadLetter({ code: 'TEST' })
        .catch(() => {})
        .finally(() => {
          settled = true;
        });
      await notUp(context, backend);
      await proxy.heal();
      await context.eventually(() => settled, 'deadLetter to settle');
      await parking;
      await reader.close();
      const successor = await context.consume(backend, { group, ack: 'manual' });
      const accounted = async (): Promise<boolean> => {
        const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
        if (items.some((item) => item.messageId === message.metadata.messageId)) return true;
        const again = await successor.nextBefore(elapse(100));
        return again?.metadata.messageId === message.metadata.messageId;
      };
      await context.eventually(accounted, 'the message among the dead letters or delivered again');
    },
  },
  {
    id: 'network.health',
    title:
      '`health()` reports the state of the broker: up, not up during an outage, up again afterwards. It never rejects.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      await context.eventually(async () => (await backend.health()).status === 'up', 'health() to report up');
      await proxy.cut();
      await notUp(context, backend);
      await proxy.heal();
      await context.eventually(async () => (await backend.health()).status === 'up', 'health() to report up again');
    },
  },
];
