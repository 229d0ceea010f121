import { createConsumer, NonRetryableError } from '@slack-mcp/consumer';
import { OPS_ROUTES } from '@slack-mcp/core/ops';
import type { WorkerModule } from '@slack-mcp/slack';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createIntegratedServer, type IntegratedServerOptions } from '../../src/index.ts';
import { memoryBackend, recordingLogger } from '../support/ingress-server.ts';
import { KEYS, READ_KEY } from '../support/ops-server.ts';
import { SECRET } from '../support/signed.ts';

const WRITE = 'a-token-that-may-write';
const READ = 'a-token-that-may-read';

async function integrated(options: Partial<IntegratedServerOptions> = {}) {
  const logger = recordingLogger();
  const server = createIntegratedServer({
    token: 'xoxb-simulator',
    apiUrl: 'http://127.0.0.1:1/api/',
    signingSecret: SECRET,
    port: 0,
    logger,
    auth: {
      keys: [
        { name: 'writer', token: WRITE },
        { name: 'reader', token: READ, rights: 'read' },
      ],
    },
    ops: { keys: KEYS },
    toolsets: ['ops'],
    ...options,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 2_000 }));
  await server.start();
  const ask = async (path: string, init: RequestInit = {}, token = WRITE): Promise<Response> =>
    fetch(`${server.address}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
  return {
    log: logger.lines,
    state: async () =>
      (await fetch(`${server.address}/ops/state`, { headers: { authorization: `Bearer ${READ_KEY}` } })).json(),
    names: async () =>
      ((await (await ask('/list_tools', {})).json()) as { tools: { name: string }[] }).tools.map(({ name }) => name),
    async call(name: string, args: object, token = WRITE) {
      const response = await ask(
        '/call_tool',
        { method: 'POST', body: JSON.stringify({ name, arguments: args }) },
        token,
      );
      const { structuredContent, error } = (await response.json()) as Record<string, Record<string, unknown>>;
      return { status: response.status, answer: structuredContent, error };
    },
  };
}

test('the toolset ops is served only if it is named and the operations API is on', async () => {
  const named = await integrated({ backend: memoryBackend() });
  expect(await named.names()).toEqual(expect.arrayContaining(['slack_inspect_queue', 'slack_operate_queue']));
  const all = await integrated({ backend: memoryBackend(), toolsets: ['all'] });
  expect(await all.names()).not.toContain('slack_inspect_queue');
  await expect(integrated({ backend: memoryBackend(), ops: undefined })).rejects.toThrow(
    /the toolset ops needs slack-integrated-server and a key in SLACK_MCP_OPS_KEY/,
  );
});

test('each view without entries says what to do next', async () => {
  const { call } = await integrated({ backend: memoryBackend() });
  for (const view of ['groups', 'events', 'jobs', 'audit']) {
    const { answer } = await call('slack_inspect_queue', { view });
    expect([view, answer?.['note']]).toEqual([view, expect.stringMatching(/^No .+\. \w+.+\.$/)]);
  }
});

test('the toolset ops shows dead letters and redrives them, for callers that may write', async () => {
  let works = false;
  const worker: WorkerModule = async (context) => {
    const consumer = createConsumer({ group: 'workers', ...context });
    consumer.on('app_mention', async () => {
      if (!works) throw new NonRetryableError('not yet');
    });
    await consumer.start();
    return consumer;
  };
  const backend = memoryBackend();
  const { call, log } = await integrated({ backend, worker });
  const payload = {
    type: 'event_callback',
    event: { type: 'app_mention', channel: 'C0123456789', text: 'a private text' },
  };
  await backend.publish('slack_events', payload, { messageId: 'A1:Ev1', headers: { 'x-slack-event-id': 'Ev1' } });
  await vi.waitFor(async () => {
    const { answer } = await call('slack_inspect_queue', { view: 'errors', group: 'workers' }, READ);
    expect(answer).toMatchObject({ errors: [{ code: 'NON_RETRYABLE', message: 'not yet', count: 1 }] });
  }, 10_000);
  works = true;

  const redrive = { action: 'redrive', group: 'workers', ids: ['Ev1'] };
  expect(await call('slack_operate_queue', redrive, READ)).toMatchObject({
    status: 403,
    error: { code: 'insufficient_rights' },
  });
  expect(await call('slack_operate_queue', redrive)).toMatchObject({ status: 200, answer: { status: 'running' } });
  await vi.waitFor(async () => {
    const { answer } = await call('slack_inspect_queue', { view: 'events', ids: ['Ev1'] });
    const [event] = (answer?.['events'] ?? []) as { entries: { step: string }[] }[];
    expect(event?.entries.map(({ step }) => step)).toEqual([
      'attempt',
      'dead_lettered',
      'redriven',
      'attempt',
      'handled',
    ]);
  }, 10_000);
  expect((await call('slack_inspect_queue', { view: 'audit' })).answer).toMatchObject({
    entries: [
      { who: 'key:writer', action: 'redrive', outcome: 'completed', count: 1 },
      { who: 'key:writer', action: 'redrive', outcome: 'started' },
    ],
  });
  for (const view of ['errors', 'dead_letters']) {
    const { answer } = await call('slack_inspect_queue', { view, group: 'workers' });
    expect([view, answer?.['note']]).toEqual([view, expect.stringContaining('Omit filters')]);
  }
  expect(log.join()).not.toContain('a private text');

  const refusals: [string, object, string, RegExp][] = [
    ['slack_inspect_queue', { view: 'errors' }, 'ops_refused', /needs a group/],
    ['slack_inspect_queue', { view: 'errors', group: 'worker' }, 'ops_refused', /did you mean workers/],
    ['slack_operate_queue', { action: 'purge', group: 'workers' }, 'ops_refused', /either a filter .* or all=true/],
    ['slack_operate_queue', { action: 'cancel' }, 'ops_refused', /needs the argument job/],
    ['slack_operate_queue', { ...redrive, rate: 0 }, 'invalid_arguments', /rate/],
  ];
  for (const [tool, args, code, message] of refusals) {
    const { error } = await call(tool, args);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  }
});

test('the state shows calls of tools and Slack, and fits its schema', async () => {
  const { call, state } = await integrated({ backend: memoryBackend(), retry: 0 });
  await call('slack_inspect_queue', { view: 'groups' });
  await call('slack_inspect_queue', { view: 'errors' });
  await call('slack_post_message', { channel: 'C0123456789', text: 'a private text' });
  const answer = await state();
  expect(answer).toMatchObject({
    process: 'server',
    sessions: 0,
    tools: expect.arrayContaining([
      { name: 'slack_inspect_queue', outcome: 'ok', calls: 1, meanMs: expect.any(Number) },
      { name: 'slack_inspect_queue', outcome: 'ops_refused', calls: 1, meanMs: expect.any(Number) },
    ]),
    slackCalls: expect.arrayContaining([
      { name: 'chat.postMessage', outcome: 'network_error', calls: 1, meanMs: expect.any(Number) },
    ]),
    rateLimited: [],
    openCircuits: [],
  });
  const schema = OPS_ROUTES.find(({ path }) => path === '/ops/state')?.answer ?? false;
  expect(new Ajv2020({ strict: false }).validate(schema, answer)).toBe(true);
});
