import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixture } from './support/application.ts';
import { describeBackends } from './support/backends.ts';
import type { Child } from './support/child.ts';
import { commandPlace } from './support/command.ts';
import { envelope } from './support/message.ts';

// Workers are killed while they handle events, on each broker. A normal run uses a few events; run all of them with
// `CRASH_EVENTS=10000 pnpm test --project consumer worker-crash` (and `CRASH_SEED=n` for the kills of a certain run).

const EVENTS = Number(process.env['CRASH_EVENTS'] ?? 400);
const SEED = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WORKERS = 4;
const KILLS = Math.min(40, Math.max(6, EVENTS / 250));
const PREFETCH = 32;
const CHANNELS = 20;
const TIMEOUT_MS = 60_000 + EVENTS * 60;

/** Reproducible numbers below 1 for a seed (mulberry32). */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** The id of the event number `n` of a channel, and back. */
const idOf = (channel: number, n: number): string => `${channel}-${n}`;
const partsOf = (id: string): [channel: number, n: number] => id.split('-').map(Number) as [number, number];

describeBackends('killed workers', 'network', (harness) => {
  test(`${EVENTS} events, ${WORKERS} workers, ${KILLS} kills, seed ${SEED}`, { timeout: TIMEOUT_MS }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'consumer-crash-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const journal = join(folder, 'journal');
    const handled = (): string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : []);
    const place = commandPlace(harness, ['crash']);
    const startWorker = (): Child =>
      place.run(['--handlers', fixture('crash-worker.ts')], {
        JOURNAL: journal,
        PREFETCH: String(PREFETCH),
        LOG_LEVEL: 'error',
      });

    const publish = (from: number, to: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: CHANNELS }, async (_, channel) => {
          // Sequential, so that the channel has an order.
          for (let n = 0; n * CHANNELS + channel < to; n += 1) {
            if (n * CHANNELS + channel < from) continue;
            const id = idOf(channel, n);
            const event = { type: 'message', channel: `C${channel}`, channel_type: 'channel', text: id };
            const options = { messageId: id, orderingKey: `C${channel}` };
            await place.backend.publish('slack_events', envelope(event, id), options);
          }
        }),
      );
    const reached = (count: number): Promise<void> =>
      expect.poll(() => new Set(handled()).size, { timeout: TIMEOUT_MS, interval: 10 }).toBeGreaterThanOrEqual(count);

    const numbers = chance(SEED);
    const workers = Array.from({ length: WORKERS }, startWorker);
    let published = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const next = Math.floor((EVENTS * kill) / KILLS);
      await publish(published, next);
      const victim = Math.floor(numbers.next().value * WORKERS);
      await workers[victim]?.printed('ready');
      // At a random point within the events just published.
      await reached(published + Math.floor(numbers.next().value * (next - published) * 0.9));
      published = next;
      workers[victim]?.process.kill('SIGKILL');
      await workers[victim]?.ended;
      workers[victim] = startWorker();
    }
    await reached(EVENTS);
    for (const worker of workers) await worker.printed('ready');
    for (const worker of workers) worker.process.kill('SIGTERM');
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual(workers.map(() => 0));

    const ids = handled();
    const duplicates = ids.length - EVENTS;
    process.stderr.write(`${harness.name}: ${EVENTS} events, ${KILLS} kills, ${duplicates} duplicates, lost 0\n`);
    // A killed worker has handled at most the messages it holds whose acks the broker has not received.
    expect(duplicates).toBeLessThanOrEqual(KILLS * PREFETCH);
    expect((await place.backend.deadLetters({ group: 'crash' }).list()).items).toEqual([]);
    if (harness.capabilities.ordering !== 'ordering-key') return;
    const order = Map.groupBy([...new Set(ids)].map(partsOf), ([channel]) => channel);
    for (const events of order.values()) {
      expect(events.map(([, n]) => n)).toEqual(events.map((_, index) => index));
    }
  });
});
