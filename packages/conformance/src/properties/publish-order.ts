import { setTimeout as elapse } from 'node:timers/promises';
import { type BackendCapabilities, isQueueError, type PublishOptions, type QueueBackend } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import { outcome } from './during-faults.ts';

const section = 'network';
const group = 'workers';

const needsOrder = ({ ordering }: BackendCapabilities): string | undefined =>
  ordering === 'none' ? 'messages have no order' : undefined;

/** Properties for publishing while connections break: order, limits and isolation of keys. */
export const publishOrder: readonly Property[] = [
  {
    id: 'network.publish-order',
    title: 'Messages published without waiting are stored in order per ordering key, even if connections are closed.',
    section,
    needs: { faults: ['closeConnections'], capabilities: needsOrder },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1]);
      const count = context.count(1_000, 150);
      const publishing: Promise<void>[] = [];
      for (const n of numbers(count)) {
        publishing.push(publishOrdered(context, backend, n));
        if (n % 50 === 49) void context.faults.closeConnections();
        await elapse(1);
      }
      await context.within(Promise.all(publishing), `${count} publishes while connections are closed`);
      await expectOrder(context, backend, count);
    },
  },
  {
    id: 'network.publish-order-ambiguous',
    title: 'Messages whose confirmation was lost are stored before later messages of their ordering key.',
    section,
    needs: { faults: ['proxy'], capabilities: needsOrder },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1]);
      const rounds = context.count(10, 2);
      const publishing: Promise<void>[] = [];
      const publish = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index += 1) {
          publishing.push(publishOrdered(context, backend, publishing.length));
          await elapse(1);
        }
      };
      for (let round = 0; round < rounds; round += 1) {
        await proxy.dropReplies();
        await publish(20);
        await proxy.heal();
        await publish(20);
        await proxy.cut();
        await publish(20);
        await proxy.heal();
        await publish(20);
      }
      await context.within(Promise.all(publishing), `${publishing.length} publishes while answers are lost`);
      await expectOrder(context, backend, publishing.length);
    },
  },
  {
    id: 'network.publish-bounded',
    title:
      'The number of unconfirmed publishes is limited: without confirmations, no more are sent, however many wait.',
    section,
    needs: { faults: ['proxy'], inspect: ['depth'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1]);
      await proxy.dropReplies();
      const { maxUnconfirmed = 1_000 } = context.harness;
      const count = 4 * maxUnconfirmed;
      const timeoutMs = Math.ceil(context.deadlineMs / 30);
      const errors = await Promise.all(
        numbers(count).map((n) => outcome(context, backend.publish(KEY, { n }, { timeoutMs }))),
      );
      for (const error of errors) {
        check.ok(isQueueError(error) && error.retryable, `expected a retryable error of each publish, got ${error}`);
      }
      const stored = (await context.inspect.depth?.(context.namespace, group)) ?? 0;
      const most = maxUnconfirmed + 1;
      check.ok(stored <= most, `the broker received ${stored} of ${count} messages although it confirmed none of them`);
      await proxy.heal();
      const after = backend.publish(KEY, { n: count }, { timeoutMs: context.deadlineMs });
      await context.within(after, 'a publish afterwards');
    },
  },
  {
    id: 'network.publish-lanes',
    title: 'A key for which the broker stores nothing does not delay other keys.',
    section,
    needs: { faults: ['stallKey'] },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [-1]);
      await context.publish(backend, [-1], { key: 'stalled' });
      const release = await context.faults.stallKey(context.namespace, 'stalled');
      const count = context.count(20_000, 500);
      const timeoutMs = 10 * context.deadlineMs;
      const stalled = Promise.all(numbers(count).map((n) => backend.publish('stalled', { n }, { timeoutMs })));
      let isStored = false;
      stalled.then(
        () => {
          isStored = true;
        },
        () => {},
      );
      try {
        await context.publish(backend, numbers(300));
        check.ok(!isStored, 'the key was not stalled: the fault has no effect');
      } finally {
        await release();
      }
      await context.within(stalled, 'the publishes to the stalled key');
    },
  },
];

/** The ordering keys of successive messages: no key, then two different keys. */
const ORDERING_KEYS = [undefined, 'C1', 'C2'] as const;

function publishOrdered(context: PropertyContext, backend: QueueBackend, n: number): Promise<void> {
  const orderingKey = ORDERING_KEYS[n % ORDERING_KEYS.length];
  const options: PublishOptions = { timeoutMs: context.deadlineMs };
  if (orderingKey !== undefined) options.orderingKey = orderingKey;
  const publishing = backend.publish(KEY, { n }, options);
  publishing.catch(() => {});
  return publishing;
}

/**
 * Expects the first delivery of each message in order. If the backend orders only messages with an ordering key, checks
 * only those messages.
 */
async function expectOrder(context: PropertyContext, backend: QueueBackend, count: number): Promise<void> {
  const reader = await context.consume(backend, { group });
  const seen = new Set<number>([-1]);
  const last = new Map<string | undefined, number>();
  while (seen.size < count + 1) {
    const { payload, metadata } = await reader.next(`${count + 1 - seen.size} of ${count} messages`);
    const n = payload['n'] as number;
    if (seen.has(n)) continue;
    seen.add(n);
    const { orderingKey } = metadata;
    if (orderingKey === undefined && context.capabilities.ordering === 'ordering-key') continue;
    const before = last.get(orderingKey) ?? -1;
    check.ok(n > before, `${n} was stored after ${before}, both with ${orderingKey ?? 'no ordering key'}`);
    last.set(orderingKey, n);
  }
}
