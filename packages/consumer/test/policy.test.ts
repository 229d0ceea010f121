import { AuthenticationError } from '@slack-mcp/core';
import { expect, test } from 'vitest';
import { NonRetryableError } from '../src/index.ts';
import { describeBackends } from './support/backends.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

// How failed messages are settled on each broker: the consumer requests the retries, the broker keeps them.

/** Timers may fire early by this much. */
const EARLY_MS = 2;

describeBackends('policy', 'everywhere', (harness) => {
  test.each([1, 3])('runs a handler that fails %i times once more', async (failures) => {
    const place = workplace(harness);
    const attempts: { retryCount: number; at: number }[] = [];
    const consumer = place.consumer({
      retry: { maxRetries: 4, initialDelayMs: 40, factor: 3, maxDelayMs: 200, jitter: 'none' },
    });
    consumer.on('message', (_event, { retryCount }) => {
      attempts.push({ retryCount, at: performance.now() });
      if (attempts.length <= failures) throw new Error('not yet');
    });
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(1);
    // Another attempt would arrive before this event.
    await place.publish('Ev2', { event: { type: 'team_join' } });
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toHaveLength(2);
    expect(attempts.map(({ retryCount }) => retryCount)).toEqual(Array.from({ length: failures + 1 }, (_, n) => n));
    const delays = [40, 120, 200].slice(0, failures);
    expect(place.logger.named('event_failed').map(({ delayMs }) => delayMs)).toEqual(delays);
    const waits = attempts.slice(1).map(({ at }, index) => at - (attempts[index]?.at ?? 0));
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual((delays[index] ?? 0) - EARLY_MS);
    expect((await place.backend.deadLetters({ group: 'bot' }).list()).items).toEqual([]);
  });

  test('never exceeds the delay of the policy with jitter', async () => {
    const place = workplace(harness);
    const consumer = place.consumer({ retry: { maxRetries: 4, initialDelayMs: 8, factor: 2, maxDelayMs: 20 } });
    consumer.on('message', () => {
      throw new Error('never');
    });
    await consumer.start();
    for (const id of ['Ev1', 'Ev2', 'Ev3']) await place.publish(id);
    const parked = place.backend.deadLetters({ group: 'bot' });
    await expect.poll(async () => (await parked.list()).items, DEADLINE).toHaveLength(3);
    const bounds = [8, 16, 20, 20];
    const delays = place.logger.named('event_failed').filter(({ action }) => action === 'retry');
    expect(delays).toHaveLength(12);
    for (const { delayMs, attempt } of delays) {
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(bounds[Number(attempt) - 1] ?? 0);
    }
  });

  test('parks the unchanged message and the reason after the last retry', async () => {
    const place = workplace(harness);
    const counts: number[] = [];
    const published: number[] = [];
    const consumer = place.consumer({ retry: { maxRetries: 2, initialDelayMs: 1, jitter: 'none' } });
    consumer.on('message', (_event, { retryCount, metadata }) => {
      counts.push(retryCount);
      published.push(metadata.timestamp);
      throw new TypeError('broken');
    });
    await consumer.start();
    const event = { text: 'größer ✓', z: 1, a: [{ b: null }] };
    await place.publish('Ev1', { event, orderingKey: 'C1', headers: { 'x-slack-retry-num': '1' } });
    const parked = place.backend.deadLetters({ group: 'bot' });
    await expect.poll(async () => (await parked.list()).items, DEADLINE).toHaveLength(1);
    const [letter] = (await parked.list()).items;
    expect(counts).toEqual([0, 1, 2]);
    expect(letter).toEqual({
      id: expect.any(String),
      messageId: 'Ev1',
      key: 'slack_events',
      group: 'bot',
      orderingKey: 'C1',
      headers: expect.objectContaining({ 'x-slack-retry-num': '1' }),
      timestamp: published[0],
      deadLetteredAt: expect.any(Number),
      retryCount: 2,
      payload: expect.anything(),
      reason: { code: 'MAX_RETRIES', name: 'TypeError', message: 'broken' },
    });
    // Byte for byte, including the order of the keys.
    expect(JSON.stringify(letter?.payload)).toBe(
      '{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","event_time":1,"event":' +
        '{"type":"message","channel":"C1","channel_type":"channel","text":"größer ✓","z":1,"a":[{"b":null}]}}',
    );
    expect(new Set(published).size).toBe(1);
    expect(letter?.deadLetteredAt).toBeGreaterThanOrEqual(letter?.timestamp ?? Number.POSITIVE_INFINITY);
  });

  test('skips the retries after a NonRetryableError', async () => {
    const place = workplace(harness);
    let attempts = 0;
    const consumer = place.consumer({ retry: { maxRetries: 9 } });
    consumer.on('message', () => {
      attempts += 1;
      throw new NonRetryableError('never');
    });
    await consumer.start();
    await place.publish('Ev1');
    const parked = place.backend.deadLetters({ group: 'bot' });
    await expect.poll(async () => (await parked.list()).items, DEADLINE).toHaveLength(1);
    expect(attempts).toBe(1);
    expect((await parked.list()).items).toMatchObject([
      { retryCount: 0, reason: { code: 'NON_RETRYABLE', name: 'NonRetryableError', message: 'never' } },
    ]);
  });

  test('times out and retries a handler that never returns, and reports its late result', async () => {
    const place = workplace(harness);
    const gate = Promise.withResolvers<void>();
    const consumer = place.consumer({ timeoutMs: 20, concurrency: 1 });
    consumer.on('message', async (_event, { retryCount }) => {
      if (retryCount === 0) await gate.promise;
    });
    await consumer.start();
    await place.publish('Ev1');
    await expect.poll(() => place.logger.named('event_handled'), DEADLINE).toMatchObject([{ attempt: 2 }]);
    expect(place.logger.named('event_failed')).toMatchObject([{ action: 'retry', err: { code: 'HANDLER_TIMEOUT' } }]);
    gate.resolve();
    await expect.poll(() => place.logger.named('handler_returned_late'), DEADLINE).toMatchObject([{ attempt: 1 }]);
  });

  test.skipIf(!harness.overrides?.includes('credentials'))(
    'ends the consumer if the broker refuses the credentials',
    async () => {
      const place = workplace(harness, { credentials: 'wrong' });
      const consumer = place.consumer();
      await expect(consumer.run()).rejects.toThrow(AuthenticationError);
      expect(place.logger.named('consumer_failed')).toMatchObject([{ level: 'error' }]);
    },
  );
});
