import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type BackendCapabilities,
  ConnectionError,
  type PublishOptions,
  type PublishPayload,
  type QueueBackend,
  silentLogger,
  UnroutableError,
} from '@slack-mcp/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spool } from '../../src/ingress/spool/spool.ts';
import { createSpoolingPublisher, type SpoolingPublisher } from '../../src/ingress/spool/spooling-publisher.ts';

const CHANNELS = ['a', 'b', 'c'];

type Step =
  | { readonly do: 'publish'; readonly channel: string; readonly count: number }
  | { readonly do: 'broker goes' | 'broker comes' | 'restart' | 'wait' }
  /** Each publish whose number is a multiple of this one fails. */
  | { readonly do: 'broker fails'; readonly each: number }
  /** Publishing the events of a channel fails with an error that waiting cannot fix, until an operator acts. */
  | { readonly do: 'block' | 'unblock'; readonly channel: string };

const channel = fc.constantFrom(...CHANNELS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish'), channel, count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('broker goes', 'broker comes', 'restart', 'wait') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('broker fails'), each: fc.integer({ min: 2, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('block', 'unblock'), channel }) },
) as fc.Arbitrary<Step>;

class Broker implements Pick<QueueBackend, 'publish' | 'capabilities'> {
  readonly capabilities = { maxPayloadBytes: 1_000 } as BackendCapabilities;
  /** Without repetitions. */
  readonly stored = new Set<string>();
  readonly blocked = new Set<string>();
  isUp = true;
  failsEach = Number.POSITIVE_INFINITY;
  #publishes = 0;

  async publish(_key: string, _payload: PublishPayload, given: PublishOptions = {}): Promise<void> {
    await nextTurn();
    this.#publishes += 1;
    if (!this.isUp || this.#publishes % this.failsEach === 0) throw new ConnectionError('the broker is away');
    if (this.blocked.has(given.orderingKey ?? '')) throw new UnroutableError('no queue');
    this.stored.add(given.messageId ?? '');
  }
}

test('publishes all acknowledged events of each channel in order, whatever fails', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'spool-publisher-'));
      try {
        await run(folder, steps);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: Number(process.env['SPOOL_HISTORIES'] ?? 40) },
  );
});

async function run(folder: string, steps: readonly Step[]): Promise<void> {
  const broker = new Broker();
  const acknowledged: string[] = [];
  const open = async (): Promise<{ spool: Spool; publisher: SpoolingPublisher }> => {
    const spool = await Spool.open({ folder, maxBytes: 2 ** 20, segmentBytes: 400, logger: silentLogger });
    const publisher = createSpoolingPublisher({ backend: broker, spool, logger: silentLogger, retryMs: 1 });
    publisher.start();
    return { spool, publisher };
  };
  let now = await open();
  let next = 0;
  for (const given of steps) {
    if (given.do === 'publish') {
      for (let count = 0; count < given.count; count += 1) {
        next += 1;
        const messageId = `${given.channel}-${next}`;
        await now.publisher.publish('k', {}, { messageId, orderingKey: given.channel, timeoutMs: 1_000 });
        acknowledged.push(messageId);
      }
    } else if (given.do === 'broker goes') broker.isUp = false;
    else if (given.do === 'broker fails') broker.failsEach = given.each;
    else if (given.do === 'broker comes') {
      broker.isUp = true;
      broker.failsEach = Number.POSITIVE_INFINITY;
    } else if (given.do === 'block') broker.blocked.add(given.channel);
    else if (given.do === 'unblock') broker.blocked.delete(given.channel);
    else if (given.do === 'wait') for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    else {
      await now.publisher.close();
      now = await open();
    }
  }
  broker.isUp = true;
  broker.failsEach = Number.POSITIVE_INFINITY;
  broker.blocked.clear();
  while (!now.spool.isEmpty) await sleep(1);
  await now.publisher.close();
  const stored = [...broker.stored];
  for (const name of CHANNELS) {
    const of = (ids: readonly string[]): string[] => ids.filter((id) => id.startsWith(name));
    expect(of(stored)).toEqual(of(acknowledged));
  }
}
