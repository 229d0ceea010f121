import { setTimeout as elapse } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { fixture } from './support/application.ts';
import { describeBackends } from './support/backends.ts';
import { commandPlace } from './support/command.ts';
import { envelope } from './support/message.ts';
import { workplace } from './support/workplace.ts';

// Loops and consumers through an outage that is longer than every timeout. Every day a scaled one; with the timeouts
// that users have, `OUTAGE_MS=75000 pnpm test --project consumer outage`.

const OUTAGE_MS = Number(process.env['OUTAGE_MS'] ?? 1_500);
const PATIENCE = OUTAGE_MS < 60_000 ? { timeoutMs: 200, leaseMs: 600 } : { timeoutMs: 30_000, leaseMs: 30_000 };
const COUNT = 200;
const SOON = { timeout: 45_000, interval: 20 };

describeBackends(
  'an outage',
  'network',
  (harness) => {
    const { proxy } = harness.faults ?? {};
    const unsettled = harness.inspect?.pending ?? harness.inspect?.depth;

    test.skipIf(proxy === undefined || unsettled === undefined)(
      `of ${OUTAGE_MS} ms leaves nothing unsettled, in a for await loop and in a consumer`,
      { timeout: OUTAGE_MS + 100_000 },
      async () => {
        const place = workplace(harness, { groups: ['loop', 'bot'], ...PATIENCE });
        const [looped, consumed] = [new Set<string>(), new Set<string>()];
        const back = Promise.withResolvers<void>();
        const isAway = Promise.withResolvers<void>();
        const subscription = place.backend.consume({ group: 'loop' });
        const loop = (async () => {
          for await (const { metadata } of subscription) {
            looped.add(metadata.messageId);
            // Asking for the next message acks this one: into the outage.
            if (looped.size === 60) await isAway.promise;
          }
        })();
        const consumer = place.consumer();
        consumer.any(async ({ metadata }) => {
          // All slots fill up, half of them end during the outage, the others after it.
          if (consumed.size >= 40) await (Number(metadata.messageId) % 2 === 0 ? isAway : back).promise;
          consumed.add(metadata.messageId);
        });
        await consumer.start();
        const ids = Array.from({ length: COUNT }, (_, n) => String(n));
        await Promise.all(ids.map((id) => place.publish(id, { timeoutMs: 60_000 })));
        await expect.poll(() => looped.size === 60 && consumed.size >= 40, SOON).toBe(true);
        await proxy?.cut();
        isAway.resolve();
        await elapse(OUTAGE_MS);
        back.resolve();
        await proxy?.heal();
        await expect.poll(() => [looped.size, consumed.size], SOON).toEqual([COUNT, COUNT]);
        const left = () => Promise.all(['loop', 'bot'].map((group) => unsettled?.(place.namespace, group)));
        await expect.poll(left, SOON).toEqual([0, 0]);
        await subscription.close();
        await loop;
        for (const group of ['loop', 'bot']) {
          expect((await place.backend.deadLetters({ group }).list()).items).toEqual([]);
        }
        await expect.poll(async () => (await place.backend.health()).status, SOON).toBe('up');
      },
    );

    test.skipIf(proxy === undefined)('makes a worker’s process wait, which can be ended meanwhile', async () => {
      const place = commandPlace(harness, ['bot']);
      await place.backend.publish('slack_events', envelope({ type: 'message' }), { messageId: 'Ev1' });
      await proxy?.cut();
      onTestFinished(async () => proxy?.heal());
      const startWorker = () => place.run(['--handlers', fixture('holding-worker.ts'), '--group', 'bot']);
      const [patient, impatient] = [startWorker(), startWorker()];
      await patient.printed('starting');
      await impatient.printed('starting');
      impatient.process.kill('SIGTERM');
      await expect(impatient.ended).resolves.toBe(0);
      expect(patient.process.exitCode).toBeNull();
      await proxy?.heal();
      await patient.printed('handled Ev1');
      patient.process.kill('SIGTERM');
      await expect(patient.ended).resolves.toBe(0);
    });
  },
  'own',
);
