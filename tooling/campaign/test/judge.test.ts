import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadAdapter } from '../src/find-adapter.ts';
import { type CampaignOptions, type CampaignResult, runCampaign } from '../src/run-campaign.ts';

// Without faults nothing may be repeated: the smallest defect must show.
describeWithBroker('redis', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'judge-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function judge(defects: string, further: Partial<CampaignOptions> = {}): Promise<CampaignResult> {
    const module = new URL(`./fixtures/faulty-redis.ts?${defects}`, import.meta.url).href;
    const options = { events: 400, seed: 4, workers: 2, publishers: 1, faults: 0, folder, ...further };
    return runCampaign({ ...(await loadAdapter('redis')), module }, options);
  }

  test('a sound backend passes', async () => {
    expect(await judge('')).toEqual({
      ...{ backend: 'redis', seed: 4, attempted: 400, confirmed: 400, delivered: 400, lost: 0 },
      ...{ duplicates: 0, duplicateBound: 0, faults: {}, seconds: expect.any(Number), complaints: [] },
    });
  });

  test('one that drops what it confirmed fails', async () => {
    const { lost, delivered, complaints } = await judge('drops=Ev123');
    expect({ lost, delivered }).toEqual({ lost: 1, delivered: 399 });
    expect(complaints.join('\n')).toMatch(/event 123, .* never came to group-0, group-1/);
  });

  test('one that keeps a message from one of the groups fails', async () => {
    const { lost, delivered, complaints } = await judge('skips=Ev123');
    expect({ lost, delivered }).toEqual({ lost: 1, delivered: 399 });
    expect(complaints.join('\n')).toMatch(/event 123, .* never came to group-1$/);
  });

  test('one that repeats more than it documents fails', async () => {
    const { lost, duplicates, complaints } = await judge('repeats=Ev123');
    expect({ lost, duplicates }).toEqual({ lost: 0, duplicates: 2 });
    expect(complaints).toEqual(['2 duplicates, 0 are documented']);
  });

  test('one whose message waits until its consumer has nothing else in hand fails', async () => {
    // Only what comes to a worker that keeps something in hand is stranded: which one does is up to the broker.
    const seeds = [6, 5, 4, 3, 2];
    let found: Awaited<ReturnType<typeof judge>> | undefined;
    while ((found === undefined || found.lost === 0) && seeds.length > 0) {
      found = await judge('strands=7', { groups: 1, patienceMs: 8_000, seed: seeds.shift() as number });
    }
    expect(found?.lost).toBeGreaterThan(0);
    expect(found?.complaints[0]).toMatch(/^Nothing has happened for 8000 ms .* but for 1 that are kept in hand\.$/);
  });

  test('one that changes a message fails', async () => {
    const { lost, complaints } = await judge('spoils=Ev123');
    expect(lost).toBe(1);
    expect(complaints).toContain('2 messages that were not published so');
  });
});
