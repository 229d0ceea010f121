import { setTimeout as elapse } from 'node:timers/promises';
import { check } from '../check.ts';
import { KEY, numbers, type PropertyContext } from '../context.ts';
import type { Property } from '../property.ts';
import { outcome, publishUntilConfirmed, takeAll } from './during-faults.ts';

const section = 'network';
const group = 'workers';

/** Properties for broken connections, expired leases, lost data at the broker and rejected credentials. */
export const network: readonly Property[] = [
  {
    id: 'network.half-open',
    title: 'A silent connection is detected: consumer and publisher continue on a new connection.',
    section,
    needs: { faults: ['proxy'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend();
      const reader = await context.consume(backend, { group });
      await context.publish(backend, [1]);
      check.equal((await reader.next()).payload['n'], 1, 'payload');
      reader.ask();
      await proxy.blackhole();
      await publishUntilConfirmed(context, backend, 2);
      await takeAll(reader, [2]);
      await proxy.heal();
    },
  },
  {
    id: 'network.connections-closed',
    title:
      'When the broker repeatedly closes connections, the consumer continues, no message is lost and connections do not accumulate.',
    section,
    needs: { faults: ['closeConnections'] },
    async run(context) {
      const { inspect, namespace, faults } = context;
      const backend = context.backend();
      const reader = await context.consume(backend, { group });
      await context.publish(backend, [-1]);
      await takeAll(reader, [-1]);
      reader.ask();
      const before = (await inspect.connections?.(namespace)) ?? 0;
      for (const n of numbers(context.count(20, 3))) {
        await faults.closeConnections();
        await publishUntilConfirmed(context, backend, n);
        await takeAll(reader, [n]);
      }
      const asBefore = async (): Promise<boolean> => ((await inspect.connections?.(namespace)) ?? 0) <= before;
      await context.eventually(asBefore, `as few connections as before, ${before}`);
    },
  },
  {
    id: 'network.wiped',
    title:
      'After all data is deleted at the broker, a running consumer recreates the objects that it needs and continues.',
    section,
    needs: { faults: ['wipe'] },
    async run(context) {
      const { namespace, faults } = context;
      const backend = context.backend({ groups: [group] });
      const reader = await context.consume(backend, { group });
      await context.publish(backend, [0]);
      await (await reader.next()).ack();
      await faults.wipe(namespace);
      let n = 0;
      let first: unknown;
      const resumed = async (): Promise<boolean> => {
        n += 1;
        if ((await outcome(context, backend.publish(KEY, { n }, { timeoutMs: 1000 }))) !== undefined) return false;
        first = await reader.nextBefore(elapse(200));
        return first !== undefined;
      };
      await context.eventually(resumed, 'a message that was published after the deletion');
      const next = n + 1;
      await publishUntilConfirmed(context, backend, next);
      await takeAll(reader, [next]);
    },
  },
  {
    id: 'network.credentials',
    title:
      'With wrong credentials, `ready`, `next()` and `publish` reject with ERR_QUEUE_AUTH instead of retrying forever.',
    section,
    needs: { scope: 'network', overrides: ['credentials'] },
    async run(context) {
      const backend = context.backend({ credentials: 'wrong' });
      const { subscription } = context.read(backend, { group });
      const code = 'ERR_QUEUE_AUTH';
      await check.rejects(context.within(subscription.ready, 'ready'), code, 'ready');
      await check.rejects(context.within(subscription.next(), 'next()'), code, 'next()');
      const publishing = backend.publish(KEY, {}, { timeoutMs: 2 * context.deadlineMs });
      await check.rejects(context.within(publishing, 'publish'), code, 'publish');
      const { status } = await context.within(backend.health(), 'health');
      check.equal(status, 'down', 'health');
    },
  },
  {
    id: 'network.lease-kept',
    title: 'A message that is processed longer than the lease stays with its consumer while the consumer is alive.',
    section,
    needs: { scope: 'network', overrides: ['leaseMs'] },
    async run(context) {
      // A consumer whose machine pauses for longer than the lease may lose the message. Try again with longer leases.
      const leases = [300, 1_500, 6_000];
      for (const [attempt, leaseMs] of leases.entries()) {
        const taken = await takenWhileBusy(context, leaseMs);
        if (taken === undefined) return;
        check.ok(attempt < leases.length - 1, `${taken} although its consumer is alive, with a lease of ${leaseMs} ms`);
      }
    },
  },
  {
    id: 'network.lease-lost',
    title:
      'A message whose lease is lost is delivered again. At the old consumer, its signal aborts and its ack rejects with ERR_QUEUE_LEASE_LOST.',
    section,
    needs: { faults: ['proxy'], overrides: ['leaseMs'] },
    async run(context) {
      const { proxy } = context.faults;
      const backend = context.backend({ groups: [group], leaseMs: 300 });
      await context.publish(backend, [1]);
      const cutOff = await context.consume(backend, { group, ack: 'manual' });
      const message = await cutOff.next();
      await proxy.blackhole();
      const other = context.backend({ leaseMs: 300 });
      const successor = await context.consume(other, { group });
      // The disconnected consumer may reconnect in time and receive the message itself, as another delivery.
      const taken = successor.next('the message of the disconnected consumer');
      taken.catch(() => {});
      const again = (await cutOff.nextBefore(taken)) ?? (await taken);
      check.equal(again.metadata.messageId, message.metadata.messageId, 'messageId');
      await again.ack();
      await successor.close();
      await context.eventually(() => message.signal.aborted, 'the signal to abort');
      await check.rejects(context.within(message.ack(), 'ack'), 'ERR_QUEUE_LEASE_LOST', 'ack of a lost message');
      await proxy.heal();
      await publishUntilConfirmed(context, other, 2);
      await takeAll(cutOff, [2]);
    },
  },
];

/** Returns how a busy consumer lost its message within three times the lease, or `undefined` if it kept the message. */
async function takenWhileBusy(context: PropertyContext, leaseMs: number): Promise<string | undefined> {
  const key = `lease-${leaseMs}`;
  const backend = context.backend({ groups: [group], leaseMs });
  await context.publish(backend, [1], { key });
  const busy = await context.consume(backend, { group, keys: key, ack: 'manual' });
  const message = await busy.next();
  const other = context.backend({ leaseMs });
  const idle = await context.consume(other, { group, keys: key });
  // No event shows that a lease did not expire: only time can.
  if ((await idle.nextBefore(elapse(3 * leaseMs))) !== undefined) return 'another member received the message';
  if (message.signal.aborted) return 'the signal of the message aborted';
  await context.within(message.ack(), 'ack');
  await busy.close();
  await context.expectExactly(idle, other, [], 'after the ack', key);
  return undefined;
}
