import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as work } from 'node:timers/promises';
import type { DeadLetters } from '@slack-mcp/core';
import { expect, onTestFinished, test } from 'vitest';
import { fixture } from './support/application.ts';
import { describeBackends } from './support/backends.ts';
import type { Child } from './support/child.ts';
import { commandPlace } from './support/command.ts';
import { envelope } from './support/message.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

// Deployments under a backlog: handlers are slower than the drain time, and there are no retries. A dead letter that no
// handler caused would be a failure that the consumer only counted.

const CHANNELS = 10;
const PATIENCE = { timeout: 90_000, interval: 20 };
const SIGNALS = ['SIGTERM', 'SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGTERM'] as const;
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `event-${n}`);
const channelOf = (id: string): string => `C${Number(id.split('-')[1] ?? 0) % CHANNELS}`;

/** The only dead letter is of the event whose handler failed. An interrupted parking may be repeated: at least once. */
async function expectOneFailure(deadLetters: DeadLetters): Promise<void> {
  const { items } = await deadLetters.list();
  expect(new Set(items.map(({ messageId, reason }) => `${messageId}: ${reason?.message}`))).toEqual(
    new Set(['broken: the handler failed']),
  );
}

describeBackends('restarts under a backlog', 'everywhere', (harness) => {
  const isInProcess = harness.spawnConsumer === undefined;

  test.skipIf(isInProcess)(
    'six by SIGTERM and two by SIGKILL park only what a handler failed',
    {
      timeout: 240_000,
    },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'consumer-restarts-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const journal = join(folder, 'journal');
      const handled = (): Set<string> =>
        new Set(existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : []);
      const place = commandPlace(harness, ['restarted']);
      const startWorker = (): Child =>
        place.run(['--handlers', fixture('restarted-worker.ts')], { JOURNAL: journal, SHUTDOWN_TIMEOUT_MS: '10' });
      const publish = (ids: readonly string[]): Promise<unknown> =>
        Promise.all(
          ids.map((id) => {
            const channel = channelOf(id);
            const event = { type: 'message', channel, channel_type: 'channel', text: id };
            const options = { messageId: id, orderingKey: channel };
            return place.backend.publish('slack_events', envelope(event, id), options);
          }),
        );

      let published = 0;
      // Workers start slowly on a busy machine: there must be a backlog until the last one has begun.
      const keepBacklog = async (): Promise<void> => {
        while (published - handled().size < 100) {
          await publish(idsOf(published + 50).slice(published));
          published += 50;
        }
      };
      await publish(['broken']);
      await keepBacklog();
      // The next worker starts while the one before it works, as in a rolling deployment.
      const workers = [startWorker()];
      for (const signal of SIGNALS) {
        const worker = workers.at(-1) as Child;
        workers.push(startWorker());
        const printed = async (): Promise<string> => {
          await keepBacklog();
          return worker.output();
        };
        await expect.poll(printed, PATIENCE).toContain('begun');
        worker.process.kill(signal);
        let end: unknown;
        void worker.ended.then((how) => {
          end = how;
        });
        // Until the worker has ended, the next one may work off the backlog.
        const ended = async (): Promise<unknown> => {
          await keepBacklog();
          return end;
        };
        await expect.poll(ended, PATIENCE).toBe(signal === 'SIGTERM' ? 0 : 'SIGKILL');
      }
      await expect.poll(() => handled().size, PATIENCE).toBe(published);
      // An ack or a parking that is under way would be interrupted: the worker has only 10 ms to close.
      const deadLetters = place.backend.deadLetters({ group: 'restarted' });
      await expect.poll(async () => (await deadLetters.list()).items.length, PATIENCE).toBeGreaterThan(0);
      if (harness.inspect?.depth) {
        await expect.poll(() => harness.inspect?.depth?.(place.namespace, 'restarted'), PATIENCE).toBe(0);
      }
      const last = workers.at(-1) as Child;
      last.process.kill('SIGTERM');
      expect(await last.ended).toBe(0);
      await expectOneFailure(deadLetters);
      // Deployments did interrupt handlers: without that the test would show nothing.
      expect(workers.map((worker) => worker.errors()).join('')).toContain('consumer_gave_back');
    },
  );

  test('six consumers of one process that are closed too early park only what a handler failed', async () => {
    const place = workplace(harness);
    const handled = new Set<string>();
    const ids = idsOf(100);
    // Creates the group, so that it receives what is published next.
    const first = place.consumer();
    await first.start();
    await first.close();
    await Promise.all([...ids, 'broken'].map((id) => place.publish(id, { orderingKey: channelOf(id) })));
    const deadLetters = place.backend.deadLetters({ group: 'bot' });
    const settled = async (): Promise<number> => handled.size + Number((await deadLetters.list()).items.length > 0);
    let interrupted = 0;
    for (let round = 0; round <= 6; round += 1) {
      const consumer = place.consumer({ concurrency: 8, retry: { maxRetries: 0 } });
      const begun = Promise.withResolvers<void>();
      consumer.on('message', async (_event, { metadata: { messageId }, signal }) => {
        begun.resolve();
        if (messageId === 'broken') throw new Error('the handler failed');
        await work(10 + Math.random() * 20);
        if (signal.aborted) interrupted += 1;
        else handled.add(messageId);
      });
      await consumer.start();
      await begun.promise;
      // The failed event may be parked last: closing without a drain would interrupt that.
      if (round === 6) await expect.poll(settled, DEADLINE).toBe(ids.length + 1);
      await consumer.close(round === 6 ? {} : { drainTimeoutMs: 0 });
    }
    expect(interrupted).toBeGreaterThan(0);
    expect(handled.size).toBe(ids.length);
    await expectOneFailure(deadLetters);
  });
});
