import { type BrokerName, namespace } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import type { BackendPlugin } from '@slack-mcp/core';
import { expect, describe as section, test } from 'vitest';
import { type MeasuredJob, REDRIVE_GROUP, ReceivedBytes, RedriveBooks, WatchedJobs } from '../src/redrive-at-scale.ts';

interface Place {
  readonly name: 'memory' | BrokerName;
  /** Number of dead letters. `REDRIVE_MESSAGES=1000000` sets another. */
  readonly messages: number;
  readonly load: () => Promise<{ default: BackendPlugin }>;
}

const PLACES: readonly Place[] = [
  { name: 'memory', messages: 10_000, load: () => import('@slack-mcp/backend-memory') },
  { name: 'redis', messages: 4_000, load: () => import('@slack-mcp/backend-redis') },
  { name: 'kafka', messages: 800, load: () => import('@slack-mcp/backend-kafka') },
  { name: 'rabbitmq', messages: 1_000, load: () => import('@slack-mcp/backend-rabbitmq') },
];
const MESSAGES = process.env['REDRIVE_MESSAGES'];
/** Bytes of a dead letter at a broker, at most: its payload, and what the backend stores with it. */
const LETTER_BYTES = 1_000;
/** How much memory a job may use, whatever the number of dead letters, and for each (ids, but no payloads). */
const FIXED_MIB = 200;
const MIB_OF_EACH = 400 / 2 ** 20;
const TIMEOUT_MS = MESSAGES === undefined ? 300_000 : 24 * 3_600_000;

for (const place of PLACES) {
  const { name } = place;
  if (name === 'memory') section('memory', () => scaled(place, {}));
  else
    describeWithBroker(name, ({ env }) =>
      scaled(place, { ...env, [`${name.toUpperCase()}_PREFIX`]: `${namespace()}.` }),
    );
}

function scaled({ name, messages, load }: Place, env: Readonly<Record<string, string>>): void {
  const count = Number(MESSAGES ?? messages);

  test(
    `jobs on ${count} dead letters leave the books exact and read each a fixed number of times`,
    async () => {
      const { Backend } = (await load()).default;
      const limit = String(2 * count);
      using received = new ReceivedBytes();
      await using backend = Backend.fromEnv({
        ...env,
        ...{ QUEUE_GROUPS: REDRIVE_GROUP, MEMORY_MAX_BACKLOG: limit, MEMORY_MAX_LENGTH: limit },
      });
      const books = new RedriveBooks(backend, count);
      await books.park();
      await using jobs = new WatchedJobs(backend, received);

      const dry = await jobs.run({ dryRun: true });
      expect(dry.job).toMatchObject({ status: 'completed', scanned: count, matched: count, done: 0 });
      const purged = await jobs.run({ action: 'purge', cap: count / 10 });
      expect(purged.job).toMatchObject({ status: 'completed', done: count / 10, reachedCap: true });

      books.work();
      const half = await jobs.run({ ratePerSecond: count }, count / 2);
      expect(half.job).toMatchObject({ status: 'cancelled', matched: half.job.done });
      expect(half.job.done).toBeGreaterThanOrEqual(count / 2);
      expect(half.job.done).toBeLessThan((9 * count) / 10);
      expect(half.progress).toEqual(half.progress.toSorted((a, b) => a - b));
      expect(half.progress.length).toBeGreaterThan(2);
      await books.untilHandled(half.job.done);
      const rest = await jobs.run({});
      expect(rest.job).toMatchObject({ status: 'completed', done: (9 * count) / 10 - half.job.done });
      await books.untilHandled((9 * count) / 10);
      await books.stop();
      expect(books.handled).toBe((9 * count) / 10);
      expect(books.times.reduce((sum, times) => sum + Number(times === 1), 0)).toBe((9 * count) / 10);
      expect((await jobs.run({ dryRun: true })).job).toMatchObject({ status: 'completed', scanned: 0 });

      for (const [what, measured] of Object.entries({ dry, purged, half, rest })) {
        if (MESSAGES !== undefined) process.stderr.write(`${name}: ${what}: ${describe(measured)}\n`);
        expect([what, measured.receivedBytes]).toEqual([what, expect.toSatisfy((n) => n <= 4 * count * LETTER_BYTES)]);
        // The memory backend holds the messages themselves in this process.
        if (name !== 'memory') expect(measured.grownMiB).toBeLessThan(FIXED_MIB + count * MIB_OF_EACH);
      }
    },
    TIMEOUT_MS,
  );
}

function describe({ job: { done, scanned }, seconds, receivedBytes, grownMiB }: MeasuredJob): string {
  const rss = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const took = `${scanned} read, ${done} done in ${seconds.toFixed(1)} s`;
  return `${took}; ${Math.round(receivedBytes / 2 ** 20)} MiB received; memory grew by ${grownMiB} MiB to ${rss} MiB`;
}
