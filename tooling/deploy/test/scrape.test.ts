import { createRequire } from 'node:module';
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
    readonly count?: string;
  }[];
}

/** The parser of the text format, ported from the Python client of Prometheus. */
const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (text: string) => Family[];

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
  const server = createIntegratedServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    signingSecret: SECRET,
    port: 0,
    backend,
    worker,
    processMetrics: true,
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

  const scrape = async (): Promise<{ text: string; families: ReadonlyMap<string, Family> }> => {
    const text = await (await fetch(`${server.address}/metrics`)).text();
    return { text, families: new Map(parse(text).map((family) => [family.name, family])) };
  };
  const total = (family: Family | undefined, labels: object = {}): number =>
    (family?.metrics ?? [])
      .filter((one) => Object.entries(labels).every(([name, value]) => one.labels?.[name] === value))
      .reduce((sum, { value, count }) => sum + Number(value ?? count), 0);
  await expect
    .poll(async () => total((await scrape()).families.get(METRICS.queueDeadLetters.name)), { timeout: 30_000 })
    .toBe(1);
  const { text, families } = await scrape();

  expect(total(families.get(METRICS.consumerHandle.name), { outcome: 'ack' })).toBeGreaterThanOrEqual(1);
  expect(total(families.get(METRICS.consumerHandle.name), { outcome: 'dead_letter' })).toBe(1);
  expect(total(families.get(METRICS.ingressDeliveries.name), { outcome: 'accepted' })).toBeGreaterThanOrEqual(2);
  expect(total(families.get(METRICS.ingressDeliveries.name), { outcome: 'failed' })).toBe(0);
  expect(
    total(families.get(METRICS.ingressPublish.name), { backend: 'memory', outcome: 'confirmed' }),
  ).toBeGreaterThanOrEqual(2);
  expect(total(families.get(METRICS.slackRateLimited.name), { method: 'conversations.history' })).toBe(1);
  expect(total(families.get(METRICS.toolCalls.name), { tool: 'slack_post_message', outcome: 'ok' })).toBe(1);
  expect(total(families.get(METRICS.toolCalls.name), { outcome: 'rate_limited' })).toBe(1);
  expect(total(families.get(METRICS.toolAnswerTokens.name), { tool: 'slack_post_message' })).toBeGreaterThan(0);
  expect(total(families.get(METRICS.httpRequests.name), { route: 'none', status: '404' })).toBe(1);
  expect(total(families.get(METRICS.httpRequests.name), { route: '/call_tool' })).toBe(2);
  expect(families.get('process_resident_memory_bytes')).toBeDefined();
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
    for (const one of family?.metrics ?? []) {
      const given = Object.keys(one.labels ?? {}).filter((label) => label !== 'le');
      expect([name, given.sort()]).toEqual([name, [...labels].sort()]);
    }
  }
});
