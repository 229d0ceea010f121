import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { createConsumer, deduplicate, type WorkerContext } from '@slack-mcp/consumer';
import { METRICS, type MetricDefinition } from '@slack-mcp/core';
import { createIntegratedServer } from '@slack-mcp/server';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { expect, onTestFinished, test } from 'vitest';

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value?: string;
  }[];
}

/** The parser of the text format, ported from the Python client of Prometheus. */
const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (text: string) => Family[];

/** Every sample by itself. Without types, the parser does not combine the samples of a histogram. */
const samplesOf = (text: string): Family[] => parse(text.replaceAll(/^# TYPE .*$/gm, ''));

const SECRET = 'scrape-test-signing-secret';
const BODY = { 'content-type': 'application/json' };

/** Handles one event with each outcome. */
async function worker(context: WorkerContext) {
  const bot = createConsumer({
    group: 'bot',
    ...context,
    middleware: [deduplicate()],
    retry: { maxRetries: 0 },
  });
  bot.on('app_mention', async ({ text }, { say }) => {
    if (text.includes('fail')) throw new Error('private text');
    await say('done');
  });
  await bot.start();
  return bot;
}

test('a scrape of a server parses, and contains every metric with its labels and without secrets', async () => {
  const simulator = await createSimulator({ signingSecret: SECRET, timeScale: 60 });
  onTestFinished(() => simulator.close());
  const backend = new MemoryBackend({ name: 'scrape', groups: ['bot'] });
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  const folder = mkdtempSync(join(tmpdir(), 'scrape-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = createIntegratedServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    signingSecret: SECRET,
    port: 0,
    backend,
    worker,
    processMetrics: true,
    spool: { folder: join(folder, 'spool'), maxBytes: 1_000_000 },
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  await simulator.setEventsUrl(`${server.address}/slack/events`, { verify: true });
  const channel = SIMULATOR_IDS.channel;
  for (const text of ['hello', 'please fail']) {
    await simulator.postMessage('alice', channel, `<@${SIMULATOR_IDS.botUser}> ${text}`);
  }
  await simulator.limit('conversations.history', { retryAfterS: 60 });
  for (const [name, args] of [
    ['slack_post_message', { channel, text: 'private answer' }],
    ['slack_read_channel_messages', { channel }],
  ] as const) {
    await fetch(`${server.address}/call_tool`, {
      method: 'POST',
      headers: BODY,
      body: JSON.stringify({ name, arguments: args }),
    });
  }
  await fetch(`${server.address}/nothing`);

  const scrape = async (): Promise<string> => (await fetch(`${server.address}/metrics`)).text();
  /** The sum of the samples with this name and these labels. */
  const total = (text: string, name: string, labels: object = {}): number =>
    samplesOf(text)
      .filter((sample) => sample.name === name)
      .flatMap(({ metrics }) => metrics)
      .filter((one) => Object.entries(labels).every(([label, value]) => one.labels?.[label] === value))
      .reduce((sum, { value }) => sum + Number(value), 0);
  const handled = `${METRICS.consumerHandle.name}_count`;
  await expect
    .poll(
      async () => {
        const now = await scrape();
        return [
          total(now, handled, { outcome: 'ack' }) > 0,
          total(now, handled, { outcome: 'dead_letter' }),
          total(now, METRICS.queueDeadLetters.name),
        ];
      },
      { timeout: 30_000 },
    )
    .toEqual([true, 1, 1]);
  const text = await scrape();
  const families = new Map(parse(text).map((family) => [family.name, family]));
  const count = (name: string, labels: object): number => total(text, name, labels);

  expect(count(METRICS.ingressDeliveries.name, { outcome: 'accepted' })).toBeGreaterThanOrEqual(2);
  expect(count(METRICS.ingressDeliveries.name, { outcome: 'failed' })).toBe(0);
  const published = { backend: 'memory', outcome: 'confirmed' };
  expect(count(`${METRICS.ingressPublish.name}_count`, published)).toBeGreaterThanOrEqual(2);
  expect(count(METRICS.slackRateLimited.name, { method: 'conversations.history' })).toBe(1);
  expect(count(`${METRICS.toolCalls.name}_count`, { tool: 'slack_post_message', outcome: 'ok' })).toBe(1);
  expect(count(`${METRICS.toolCalls.name}_count`, { outcome: 'rate_limited' })).toBe(1);
  expect(count(METRICS.toolAnswerTokens.name, { tool: 'slack_post_message' })).toBeGreaterThan(0);
  expect(count(METRICS.httpRequests.name, { route: 'none', status: '404' })).toBe(1);
  expect(count(METRICS.httpRequests.name, { route: '/call_tool' })).toBe(2);
  expect(count('process_resident_memory_bytes', {})).toBeGreaterThan(0);
  expect(text).not.toMatch(/xoxb|private|hello/);

  // Socket Mode, open circuits, and ages that the memory backend does not report.
  const absent: string[] = [
    METRICS.socketModeConnected.name,
    METRICS.socketModeConnections.name,
    METRICS.socketModeFailures.name,
  ];
  for (const { name, type, help, labels } of Object.values(METRICS) as MetricDefinition[]) {
    const family = families.get(name);
    if (absent.includes(name)) {
      expect([name, family]).toEqual([name, undefined]);
      continue;
    }
    expect([name, family?.type, family?.help]).toEqual([name, type.toUpperCase(), help]);
    const samples = samplesOf(text).filter((sample) => sample.name.replace(/_(bucket|sum|count)$/, '') === name);
    for (const one of samples.flatMap(({ metrics }) => metrics)) {
      const given = Object.keys(one.labels ?? {}).filter((label) => label !== 'le');
      expect([name, given.sort()]).toEqual([name, [...labels].sort()]);
    }
  }
});
