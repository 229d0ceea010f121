import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CampaignAdapter } from '../src/adapter.ts';
import { loadAdapter } from '../src/find-adapter.ts';
import { type CampaignOptions, type CampaignResult, runCampaign } from '../src/run-campaign.ts';

// Without faults, nothing may be repeated, so that the smallest defect is visible.
describeWithBroker('redis', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'judge-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function judge(defects: string, further: Partial<CampaignOptions> = {}): Promise<CampaignResult> {
    const module = new URL(`./fixtures/faulty-redis.ts?${defects}`, import.meta.url).href;
    // Each run needs a folder of its own, because a test may run more than one.
    const own = { folder: mkdtempSync(join(folder, 'run-')) };
    const options = { events: 400, seed: 4, workers: 2, publishers: 1, faults: 0, graceMs: 500, ...own, ...further };
    return runCampaign({ ...(await loadAdapter('redis')), module }, options);
  }

  test('passes a correct backend', async () => {
    expect(await judge('')).toEqual({
      ...{ backend: 'redis', seed: 4, attempted: 400, confirmed: 400, delivered: 400, lost: 0, pending: 0 },
      ...{ duplicates: 0, duplicateBound: 0, faults: {}, seconds: expect.any(Number), complaints: [] },
    });
  });

  test('waits for missing messages although the broker reports an empty backlog', async () => {
    const { start, ...adapter } = await loadAdapter('redis');
    const stale: CampaignAdapter = {
      ...adapter,
      start: async (settings) => ({ ...(await start(settings)), owed: async () => 0 }),
    };
    const options = { events: 400, seed: 4, workers: 2, publishers: 1, faults: 0, folder };
    const { lost, pending, complaints } = await runCampaign(stale, options);
    expect({ lost, pending, complaints }).toEqual({ lost: 0, pending: 0, complaints: [] });
  });

  test('fails a backend that drops a confirmed message', async () => {
    const { lost, pending, delivered, complaints } = await judge('drops=Ev123');
    expect({ lost, pending, delivered }).toEqual({ lost: 1, pending: 0, delivered: 399 });
    expect(complaints.join('\n')).toMatch(/event 123, .* was never delivered to group-0, group-1/);
  });

  test('fails a backend that withholds a message from one group', async () => {
    const { lost, delivered, complaints } = await judge('skips=Ev123');
    expect({ lost, delivered }).toEqual({ lost: 1, delivered: 399 });
    expect(complaints.join('\n')).toMatch(/event 123, .* was never delivered to group-1$/);
  });

  test('fails a backend that repeats more messages than it documents', async () => {
    const { lost, duplicates, complaints } = await judge('repeats=Ev123');
    expect({ lost, duplicates }).toEqual({ lost: 0, duplicates: 2 });
    expect(complaints).toEqual(['2 duplicates, the documented limit is 0']);
  });

  test('fails a backend that delays a message until its consumer has nothing else in flight', async () => {
    // Only a message for a worker that keeps another one is stuck, and the broker chooses the worker.
    const seeds = [6, 5, 4, 3, 2, 7, 8, 9, 10, 11, 12];
    let found: Awaited<ReturnType<typeof judge>> | undefined;
    while ((found === undefined || found.pending === 0) && seeds.length > 0) {
      found = await judge('strands=7', { groups: 1, patienceMs: 8_000, seed: seeds.shift() as number });
    }
    expect(found?.pending).toBeGreaterThan(0);
    expect(found?.lost).toBe(0);
    expect(found?.complaints[0]).toMatch(/^No progress for 8000 ms .* except for 1 that workers keep\.$/);
    expect(found?.complaints[1]).toMatch(/^the broker still has messages: \d+ events are not known to be lost$/);
  });

  test('fails a backend that changes a message', async () => {
    const { lost, complaints } = await judge('spoils=Ev123');
    expect(lost).toBe(1);
    expect(complaints).toContain('2 messages that differ from what was published');
  });
});
