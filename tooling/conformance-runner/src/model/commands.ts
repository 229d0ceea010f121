import { isQueueError } from '@slack-mcp/core';
import * as fc from 'fast-check';
import type { Consumer, Held } from './consumer.ts';
import type { Pool } from './pool.ts';
import type { World } from './world.ts';

/** The world contains both the backend and the model, so fast-check receives the same object for both. */
export interface Shared {
  world: World;
}

type Step = fc.AsyncCommand<Shared, Shared>;

/** A step that fast-check prints as `text`. `run` returns at once if there is nothing to do. */
function step(text: string, run: (world: World) => Promise<void>): Step {
  return {
    check: () => true,
    async run(_, { world }) {
      // A message that a delayed retry has delivered since belongs to the previous step.
      await world.observe();
      await run(world);
      await world.observe();
    },
    toString: () => text,
  };
}

function settling(
  verb: string,
  consumer: number,
  message: number,
  run: (held: Held, consumer: Consumer) => Promise<void>,
): Step {
  return step(`${verb}(consumer ${consumer}, message ${message})`, async (world) => {
    const chosen = pick(world.consumers, consumer);
    if (chosen === undefined || chosen.inHand.length === 0) return;
    const [held] = chosen.inHand.splice(message % chosen.inHand.length, 1) as [Held];
    await run(held, chosen);
  });
}

function ending(
  verb: string,
  consumer: number,
  counted: 'loss' | 'not',
  end: (consumer: Consumer) => Promise<unknown>,
): Step {
  return step(`${verb}(consumer ${consumer})`, async (world) => {
    const chosen = pick(world.consumers, consumer);
    if (chosen === undefined || chosen.stopped) return;
    const held = world.lose(chosen, counted);
    await end(chosen);
    // The consumer that lost a message must not be able to settle it.
    const late = held
      .at(0)
      ?.message.ack()
      .then(
        () => false,
        (error: unknown) => isQueueError(error, 'ERR_QUEUE_LEASE_LOST'),
      );
    if ((await late) === false) throw new Error('a message that was lost could be acked');
  });
}

function parking(
  verb: string,
  group: string,
  change: (world: World, pool: Pool & { group: string }) => Promise<void>,
): Step {
  return step(`${verb}(${group})`, async (world) => {
    const pool = world.pools.get(group) as (Pool & { group: string }) | undefined;
    if (pool === undefined) return;
    await change(world, pool);
    await world.compareDeadLetters(pool);
  });
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}

const index = fc.nat({ max: 20 });
const group = fc.constantFrom('owed', 'a', 'b');

/** Everything that can be done to a backend. */
export const steps: fc.Arbitrary<Step>[] = [
  fc
    .boolean()
    .map((again) =>
      step(again ? 'publishAgain' : 'publish', (world) =>
        world.publish(again ? Math.max(0, world.published - 1) : world.published),
      ),
    ),
  fc
    .record({
      name: fc.option(group, { nil: undefined }),
      prefetch: fc.integer({ min: 1, max: 4 }),
      from: fc.constantFrom('earliest', 'latest'),
    })
    .map(({ name, prefetch, from }) =>
      step(`open(${name ?? 'independent'}, prefetch ${prefetch}, from ${from})`, (world) =>
        world.open(name, prefetch, from),
      ),
    ),
  index.map((consumer) =>
    step(`pull(consumer ${consumer})`, async (world) => {
      const chosen = pick(world.consumers, consumer);
      if (chosen !== undefined) await world.pull(chosen.pool);
    }),
  ),
  fc.tuple(index, index).map(([consumer, message]) =>
    settling('ack', consumer, message, async (held) => {
      await held.message.ack();
      held.entry.state = 'acked';
      await Promise.all([held.message.ack(), held.message.nack()]);
    }),
  ),
  fc.tuple(index, index, fc.constantFrom(0, 0, 3)).map(([consumer, message, delayMs]) =>
    settling(`nack ${delayMs}`, consumer, message, async (held, { pool }) => {
      // Before the call: with a member waiting it is delivered again within it.
      pool.giveBack(held.entry, 'failure');
      await held.message.nack({ delayMs });
    }),
  ),
  fc.tuple(index, index).map(([consumer, message]) =>
    settling('deadLetter', consumer, message, async (held, { pool, inHand }) => {
      const parked = held.message.deadLetter({ code: 'TEST' });
      if (pool.group !== undefined) {
        await parked;
        held.entry.state = 'parked';
        return;
      }
      const refused = await parked.then(
        () => false,
        (error: unknown) => isQueueError(error, 'ERR_QUEUE_UNSUPPORTED'),
      );
      if (!refused) throw new Error('an independent consumer parked a message');
      inHand.push(held);
    }),
  ),
  group.map((name) =>
    parking('redrive', name, async (world, pool) => {
      const parked = pool.in('parked');
      for (const entry of parked) Object.assign(entry, { state: 'ready', retries: 0, losses: 0 });
      const count = await world.backend().deadLetters({ group: pool.group }).redrive('all');
      if (count !== parked.length) throw new Error(`redrive said ${count}, expected ${parked.length}`);
    }),
  ),
  group.map((name) =>
    parking('purge', name, async (world, pool) => {
      const parked = pool.in('parked');
      for (const entry of parked) entry.state = 'purged';
      const count = await world.backend().deadLetters({ group: pool.group }).purge('all');
      if (count !== parked.length) throw new Error(`purge said ${count}, expected ${parked.length}`);
    }),
  ),
  index.map((consumer) =>
    step(`abort(consumer ${consumer})`, async (world) => {
      const chosen = pick(world.consumers, consumer);
      if (chosen === undefined) return;
      chosen.stopped = true;
      chosen.controller.abort();
    }),
  ),
  index.map((consumer) =>
    ending('close', consumer, 'not', ({ subscription }) => subscription.close({ drainTimeoutMs: 0 })),
  ),
  index.map((consumer) => ending('return', consumer, 'loss', ({ subscription }) => subscription.return())),
];
