import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import type { Orders, Report } from './fixtures/churn-member.ts';
import { freshBackend, freshPrefix, KEY } from './fresh-backend.ts';
import { KafkaInspector } from './kafka-inspector.ts';
import { openSharedKafka } from './shared-kafka.ts';

const MESSAGES = 1_600;
/** A change of the group for every so many messages. */
const STEP = 200;
const MEMBERS = { least: 2, most: 5 };

/** The deliveries and acks that the members of a group report. */
class Ledger {
  readonly deliveries = new Map<number, number[]>();
  readonly ackedAt = new Map<number, number>();

  take(entry: Report): void {
    if (entry.kind === 'ready') return;
    const { kind, n, at } = entry;
    if (kind === 'delivered') this.deliveries.set(n, [...(this.deliveries.get(n) ?? []), at]);
    else this.ackedAt.set(n, Math.min(at, this.ackedAt.get(n) ?? Number.POSITIVE_INFINITY));
  }

  /** Messages that were delivered after the ack of another delivery had resolved. */
  get again(): number[] {
    const isLate = (n: number, at: number): boolean => at > (this.ackedAt.get(n) ?? Number.POSITIVE_INFINITY);
    return [...this.deliveries].filter(([n, times]) => times.some((at) => isLate(n, at))).map(([n]) => n);
  }
}

async function startMember(orders: Orders, ledger: Ledger): Promise<ChildProcess> {
  const member = fork(fileURLToPath(new URL('fixtures/churn-member.ts', import.meta.url)), [], {
    execArgv: ['--conditions=@slack-mcp/source'],
  });
  onTestFinished(() => void member.kill('SIGKILL'));
  const ready = Promise.withResolvers<void>();
  member.on('message', (entry: Report) => {
    if (entry.kind === 'ready') ready.resolve();
    ledger.take(entry);
  });
  member.on('exit', (code) => ready.reject(new Error(`the member ended with ${code}`)));
  member.send(orders);
  await ready.promise;
  return member;
}

describeWithOwnBroker('kafka', openSharedKafka, (broker) => {
  test.for([1, 2])(
    'no message is lost or delivered again after its ack while members join, leave and die: seed %i',
    { timeout: 300_000 },
    async (seed) => {
      let state = seed;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return Math.floor((state / 0x80000000) * below);
      };
      const login = { username: 'app', password: 'app-secret' };
      const options = { ...login, brokers: [broker.url], prefix: freshPrefix(), partitions: 12, leaseMs: 2_000 };
      const ledger = new Ledger();
      const start = (): Promise<ChildProcess> =>
        startMember({ options, group: 'workers', key: KEY, seed: random(1_000_000) }, ledger);
      const members = await Promise.all([start(), start()]);
      const publisher = freshBackend(options);
      for (let n = 0; n < MESSAGES; n += STEP) {
        const numbers = Array.from({ length: STEP }, (_, index) => n + index);
        await Promise.all(numbers.map((each) => publisher.publish(KEY, { n: each })));
        const change = members.length <= MEMBERS.least ? 0 : members.length >= MEMBERS.most ? 1 + random(2) : random(3);
        if (change === 0) members.push(await start());
        else {
          const [member] = members.splice(random(members.length), 1) as [ChildProcess];
          member.kill(change === 1 ? 'SIGTERM' : 'SIGKILL');
          if (change === 1) await once(member, 'exit');
        }
      }
      const inspector = new KafkaInspector(broker.harnessUrl ?? broker.url);
      onTestFinished(() => inspector.close());
      const [topic, groupId] = [`${options.prefix}${KEY}`, `${options.prefix}workers`];
      const isSettled = async (): Promise<boolean> => (await inspector.depthOf(topic, groupId)) === 0;
      await waitFor('every message to be settled', isSettled, { timeoutMs: 60_000 });
      expect(ledger.deliveries.size).toBe(MESSAGES);
      expect(ledger.again).toEqual([]);
    },
  );
});
