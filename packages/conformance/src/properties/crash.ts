import type { BackendCapabilities } from '@slack-mcp/core';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import { publishUntilConfirmed } from './during-faults.ts';

const section = 'crash';
const group = 'workers';

/** Maximum number of acks that a crash may lose: one pipelined batch. */
const ACK_BATCH = 100;

const persists = ({ persistent }: BackendCapabilities): string | undefined =>
  persistent ? undefined : 'messages do not survive a restart of the broker';

const exactly = ({ retryCount }: BackendCapabilities): string | undefined =>
  retryCount === 'exact' ? undefined : 'the broker does not count deliveries across a crash';

/** Properties for crashes of consumers and brokers. */
export const crash: readonly Property[] = [
  {
    id: 'crash.sigkill-consumer',
    title: 'All messages in flight at a killed consumer go to another member, with a higher `deliveryCount`.',
    section,
    needs: { consumerProcess: true },
    async run(context) {
      const held = 10;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(held));
      const child = await context.spawnConsumer({ group, prefetch: held });
      await context.eventually(() => child.received.length === held, 'the consumer process to receive all messages');
      await child.kill();
      const reader = await context.consume(backend, { group });
      const messages = await context.collect(reader, numbers(held), 'the messages of the killed consumer');
      const ids = new Set(child.received.map((message) => message.messageId));
      check.ok(
        messages.every((message) => ids.has(message.metadata.messageId)),
        'a messageId changed',
      );
      if (context.capabilities.retryCount === 'exact') {
        check.ok(
          messages.every(({ metadata: { retryCount, deliveryCount } }) => retryCount === 0 && deliveryCount >= 2),
          'a redelivery does not have retryCount 0 and a deliveryCount of at least 2',
        );
      }
    },
  },
  {
    id: 'crash.resume',
    title:
      'After a consumer is killed, the group continues: no message is lost, and at most one batch of acked messages repeats.',
    section,
    needs: { consumerProcess: true },
    async run(context) {
      const count = context.count(1000, 60);
      const acks = Math.floor(count / 2);
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(count));
      const child = await context.spawnConsumer({ group, prefetch: 10 }, { acks });
      await context.eventually(() => child.acked.length === acks, 'the consumer process to ack half of the messages');
      const acked = new Set(child.acked);
      await child.kill();
      const reader = await context.consume(backend, { group });
      const missing = new Set(numbers(count).filter((n) => !acked.has(n)));
      const repeated = new Set<number>();
      while (missing.size > 0) {
        const n = (await reader.next(`${missing.size} messages after the kill`)).payload['n'] as number;
        missing.delete(n);
        if (acked.has(n)) repeated.add(n);
      }
      check.ok(repeated.size <= ACK_BATCH, `${repeated.size} acked messages were delivered again`);
    },
  },
  {
    id: 'crash.count',
    title: 'Each killed consumer increases the `deliveryCount` of its message; the `retryCount` stays 0.',
    section,
    needs: {
      consumerProcess: true,
      capabilities: exactly,
    },
    async run(context) {
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, [1]);
      const counts: unknown[] = [];
      for (let round = 0; round < 3; round += 1) {
        const child = await context.spawnConsumer({ group });
        const first = await context.eventually(() => child.received[0], `delivery ${round + 1}`);
        counts.push([first.retryCount, first.deliveryCount]);
        await child.kill();
      }
      check.equal(
        counts,
        [
          [0, 1],
          [0, 2],
          [0, 3],
        ],
        'retryCounts and deliveryCounts',
      );
    },
  },
  {
    id: 'crash.buffered',
    title: 'Messages that a killed consumer had only fetched do not count as delivered.',
    section,
    needs: { consumerProcess: true, capabilities: exactly },
    async run(context) {
      const held = 8;
      const backend = context.backend({ groups: [group] });
      await context.publish(backend, numbers(held));
      const child = await context.spawnConsumer({ group, prefetch: held }, { takes: 1 });
      const first = await context.eventually(() => child.received[0], 'the consumer process to take a message');
      await child.kill();
      const reader = await context.consume(backend, { group });
      for (const { payload, metadata } of await context.collect(reader, numbers(held), 'the fetched messages')) {
        const expected = payload['n'] === first.n ? [0, 2] : [0, 1];
        check.equal([metadata.retryCount, metadata.deliveryCount], expected, 'retryCount and deliveryCount');
      }
    },
  },
  {
    id: 'crash.poison',
    title: 'A message that kills its consumers is parked at `maxDeliveries`. Other messages are not.',
    section,
    needs: { consumerProcess: true, overrides: ['maxDeliveries'] },
    async run(context) {
      const deadly = 2;
      const maxDeliveries = 2;
      const backend = context.backend({ groups: [group], maxDeliveries });
      await context.publish(backend, numbers(6));
      const parked = async (): Promise<unknown[]> => {
        const { items } = await backend.deadLetters({ group, keys: [KEY] }).list();
        return items.map(({ payload, reason }) => [payload?.['n'], reason.code]);
      };
      for (let deaths = 0; (await parked()).length === 0; deaths += 1) {
        check.ok(deaths <= maxDeliveries + 1, `${deaths} consumers died`);
        const child = await context.spawnConsumer({ group, prefetch: 6 }, { deadly, maxDeliveries });
        let gone = false;
        void child.exited.then(() => {
          gone = true;
        });
        const over = async (): Promise<boolean> => gone || (await parked()).length > 0;
        await context.eventually(over, 'the consumer process to die, or the message to be parked');
        if (gone) continue;
        // Killed at work, it would count as lost another message, which a dead consumer may have lost before.
        const { inspect, namespace } = context;
        const idle = async (): Promise<boolean> => ((await inspect.depth?.(namespace, group)) ?? 0) === 0;
        await context.eventually(idle, 'the other messages to be settled');
        await child.kill();
      }
      // The last acks of the killed consumers may be lost, so these messages may be delivered again. All others must
      // be.
      const reader = await context.consume(backend, { group });
      await context.publish(backend, [-1]);
      const seen: number[] = [];
      while (seen.at(-1) !== -1) seen.push((await reader.next('the other messages')).payload['n'] as number);
      check.ok(!seen.includes(deadly), 'the message was delivered although it was parked');
      check.equal(await parked(), [[deadly, 'MAX_DELIVERIES']], 'dead letters');
    },
  },
  {
    id: 'crash.broker-restart',
    title: 'A restart of the broker loses no confirmed message.',
    section,
    needs: { faults: ['restartBroker'], capabilities: persists },
    run: (context) => survive(context, () => context.faults.restartBroker()),
  },
  {
    id: 'crash.broker-sigkill',
    title: 'A broker that is killed and started again has all confirmed messages.',
    section,
    needs: { faults: ['killBroker'], capabilities: persists },
    run: (context) => survive(context, () => context.faults.killBroker()),
  },
];

/** Publishes and consumes while a fault occurs. Expects that every message is confirmed and delivered. */
async function survive(context: PropertyContext, fault: () => Promise<void>): Promise<void> {
  const backend = context.backend({ groups: [group] });
  const count = context.count(10_000, 200);
  const reader = await context.consume(backend, { group });
  let broken: Promise<void> | undefined;
  const publishing = (async () => {
    for (const n of numbers(count)) {
      if (n === Math.floor(count / 2)) broken = fault();
      await publishUntilConfirmed(context, backend, n);
    }
  })();
  const missing = new Set(numbers(count));
  const reading = (async () => {
    while (missing.size > 0) {
      missing.delete((await reader.next(`${missing.size} of ${count} messages`)).payload['n'] as number);
    }
  })();
  await Promise.all([publishing, reading]);
  await broken;
}
