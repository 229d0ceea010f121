import { type JsonObject, type QueueBackend, QueueFullError } from '@slack-mcp/core';
import { createSimulator, type Simulator, type SimulatorOptions } from '@slack-mcp/simulator';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createIntegratedServer,
  createWebhookServer,
  type RunningServer,
  type WebhookServerOptions,
} from '../../src/index.ts';
import { memoryBackend, recordingLogger, take } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

const APP_TOKEN = 'xapp-simulator';

async function workspace(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await createSimulator({ signingSecret: SECRET, socketMode: true, timeScale: 600, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

async function start(simulator: Simulator, options: Partial<WebhookServerOptions> = {}) {
  const logger = recordingLogger();
  const backend = options.backend ?? memoryBackend();
  const server = createWebhookServer({
    socketMode: { appToken: APP_TOKEN },
    apiUrl: simulator.url,
    port: 0,
    logger,
    ...options,
    backend,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  return { server, backend: backend as QueueBackend, log: logger.lines };
}

/** A memory backend whose publishing the test controls. */
function held(decide: (attempt: number) => Promise<void>): { backend: QueueBackend; attempts: () => number } {
  const memory = memoryBackend();
  let attempts = 0;
  const backend = new Proxy<QueueBackend>(memory, {
    get: (target, name) => {
      if (name === 'publish') {
        return async (...args: Parameters<QueueBackend['publish']>) => {
          attempts += 1;
          await decide(attempts);
          return memory.publish(...args);
        };
      }
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { backend, attempts: () => attempts };
}

async function health(server: RunningServer): Promise<Record<string, { status: string }>> {
  const report = (await (await fetch(`${server.address}/health`)).json()) as {
    components: Record<string, { status: string }>;
  };
  return report.components;
}

describe('over Socket Mode', () => {
  test('queues events, commands and interactions as over HTTP', async () => {
    const simulator = await workspace();
    const { server, backend } = await start(simulator);
    const { id, body } = await simulator.deliver({ type: 'app_mention', channel: 'C0GENERAL1', text: 'hi' });
    expect((await simulator.settled(id)).state).toBe('delivered');
    expect(await simulator.slashCommand({ command: '/deploy', text: 'now' })).toMatchObject({
      status: 200,
      answer: '',
    });
    expect(await simulator.blockAction({ actionId: 'approve' })).toMatchObject({ status: 200 });
    expect(await simulator.interact({ type: 'block_suggestion' })).toMatchObject({
      status: 200,
      answer: { options: [] },
    });

    const messages = await take(backend, 4);
    expect(messages.map(({ metadata }) => metadata.headers['kind'])).toEqual([
      'app_mention',
      'slash_command',
      'block_actions',
      'block_suggestion',
    ]);
    expect(JSON.stringify(messages[0]?.payload)).toBe(JSON.stringify(body));
    expect(messages[0]?.metadata).toMatchObject({
      messageId: `${body['api_app_id']}:${body['event_id']}`,
      orderingKey: 'C0GENERAL1',
    });
    expect(messages[1]?.payload).toMatchObject({ command: '/deploy', text: 'now' });
    expect(await health(server)).toMatchObject({ socket_mode: { status: 'up' }, webhook_server: { status: 'up' } });
    expect((await fetch(`${server.address}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  test('ignores envelopes without an inner event or with a type of the client’s own', async () => {
    const simulator = await workspace();
    const { backend } = await start(simulator);
    const outer = { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1, api_app_id: 'A1' };
    await simulator.deliver(outer);
    for (const type of ['error', 'close', 'disconnected', 'ws_message', 'connected']) await simulator.deliver({ type });
    await simulator.idle();
    expect((await simulator.deliveries()).map(({ state, attempts }) => [state, attempts.length])).toEqual(
      Array(6).fill(['delivered', 1]),
    );
    const kinds = (await take(backend, 6)).map(({ metadata }) => metadata.headers['kind']);
    expect(kinds[0]).toBe('app_rate_limited');
    expect(await simulator.connections()).toBe(1);
  });

  test('acknowledges an envelope only after the queue has stored it', async () => {
    const simulator = await workspace();
    const gate = Promise.withResolvers<void>();
    const { backend, attempts } = held(() => gate.promise);
    await start(simulator, { backend });
    const { id } = await simulator.deliver({ type: 'app_mention' });
    await vi.waitFor(() => expect(attempts()).toBe(1), 20_000);
    expect((await simulator.deliveries())[0]?.state).toBe('pending');
    gate.resolve();
    expect((await simulator.settled(id)).attempts).toHaveLength(1);
  });

  test('does not acknowledge what the queue rejects, and receives it again with its retry number', async () => {
    const simulator = await workspace({ answerTimeoutMs: 200 });
    const { backend } = held(async (attempt) => {
      if (attempt <= 2) throw new QueueFullError('full');
    });
    const { log } = await start(simulator, { backend });
    const { id } = await simulator.deliver({ type: 'app_mention' });
    const { state, attempts } = await simulator.settled(id);
    expect([state, attempts.length]).toEqual(['delivered', 3]);
    const [message] = await take(backend, 1);
    expect(message?.metadata.headers).toMatchObject({ 'x-slack-retry-num': '2', 'x-slack-retry-reason': 'timeout' });
    expect(log.join('\n')).toMatch(/webhook_publish_failed/);
  });

  test('notifies the user of a command when the queue does not accept it', async () => {
    const simulator = await workspace();
    const { backend } = held(() => Promise.reject(new QueueFullError('full')));
    await start(simulator, { backend });
    expect(await simulator.slashCommand({ command: '/deploy' })).toMatchObject({
      status: 200,
      answer: { text: expect.stringMatching(/nothing was done/) },
    });
  });

  test('returns the answer of a responder in the acknowledgement', async () => {
    const simulator = await workspace();
    await start(simulator, { responders: { onCommand: ({ text }) => ({ text: `got ${String(text)}` }) } });
    expect(await simulator.slashCommand({ command: '/x', text: 'it' })).toMatchObject({ answer: { text: 'got it' } });
  });

  test('acknowledges envelopes that can never succeed, so that they do not return', async () => {
    const simulator = await workspace();
    const { log } = await start(simulator);
    const { id } = await simulator.deliver({ type: 'event_callback', event: {} });
    expect((await simulator.settled(id)).attempts).toHaveLength(1);
    expect(log.join('\n')).toMatch(/malformed_body/);
  });

  test.each(['refresh_requested', 'warning'] as const)('%s: reconnects without losing events', async (reason) => {
    const simulator = await workspace();
    const { backend, log } = await start(simulator);
    const connected = () => log.filter((line) => line.includes('socket_mode_connected')).length;
    for (let round = 1; round <= 5; round += 1) {
      for (let index = 0; index < 20; index += 1) await simulator.deliver({ type: 'app_mention' });
      await simulator.refreshConnections(reason);
      // After a warning, the old connection stays open until the new one is established: count the new ones.
      await expect.poll(connected, { timeout: 20_000 }).toBe(round + 1);
      await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(1);
    }
    await simulator.idle();
    const deliveries = await simulator.deliveries();
    expect(deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);
    const ids = new Set((await take(backend, 100)).map(({ metadata }) => metadata.headers['x-slack-event-id']));
    expect(ids).toEqual(new Set(deliveries.map(({ eventId }) => eventId)));
    expect(connected()).toBe(6);
  });

  test.each(['before-request', 'after-request', 'after-answer'] as const)(
    'reopens a connection lost %s and publishes the event once',
    async (at) => {
      const simulator = await workspace();
      const { backend } = await start(simulator);
      await simulator.cutOff(1, { at });
      const { id } = await simulator.deliver({ type: 'app_mention' });
      expect((await simulator.settled(id)).state).toBe('delivered');
      await simulator.deliver({ type: 'app_home_opened' });
      const kinds = (await take(backend, 2)).map(({ metadata }) => metadata.headers['kind']);
      expect(kinds).toEqual(['app_mention', 'app_home_opened']);
    },
  );

  test('recovers after Slack was unavailable', async () => {
    const simulator = await workspace();
    await simulator.fail('apps.connections.open', 503, { times: 2 });
    const { server, log } = await start(simulator);
    await expect.poll(async () => (await health(server))['socket_mode']?.status, { timeout: 30_000 }).toBe('up');
    expect(log.filter((line) => line.includes('socket_mode_connection_failed'))).toHaveLength(2);
  });

  test('does not start with a token that Slack refuses', async () => {
    const simulator = await workspace();
    await expect(start(simulator, { socketMode: { appToken: 'xapp-wrong' } })).rejects.toThrow(/invalid_auth/);
    await expect(start(await workspace({ socketMode: false }))).rejects.toThrow(/socket_mode_not_enabled/);
  });

  test('acknowledges what is in flight on close, accepts nothing more, and disconnects', async () => {
    const simulator = await workspace();
    const gate = Promise.withResolvers<void>();
    const { backend, attempts } = held(() => gate.promise);
    const { server } = await start(simulator, { backend });
    const { id } = await simulator.deliver({ type: 'app_mention' });
    await vi.waitFor(() => expect(attempts()).toBe(1), 20_000);
    const closed = server.close();
    gate.resolve();
    expect((await simulator.settled(id)).attempts).toHaveLength(1);
    await closed;
    await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(0);
    expect(await take(backend, 1)).toHaveLength(1);
  });

  test('logs neither payloads nor the address with its ticket', async () => {
    const simulator = await workspace();
    const { log } = await start(simulator);
    const { id } = await simulator.deliver({ type: 'app_mention', text: 'sesame' });
    await simulator.settled(id);
    await simulator.refreshConnections();
    await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(1);
    expect(log.join('\n')).not.toMatch(/sesame|ticket|xapp/);
  });

  test('also works in the integrated server', async () => {
    const simulator = await workspace();
    const backend = memoryBackend();
    const server = createIntegratedServer({
      socketMode: { appToken: APP_TOKEN },
      apiUrl: simulator.url,
      port: 0,
      backend,
    });
    onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
    await server.start();
    await simulator.deliver({ type: 'app_mention' });
    expect(await take(backend, 1)).toHaveLength(1);
  });
});

test.each(await sampleSets())('delivers events of $origin equal as JSON', async ({ events }) => {
  const simulator = await workspace();
  const { backend } = await start(simulator);
  const sent = events.map(
    // Slack's samples have empty values; the simulator sends an object unchanged if it is already an envelope.
    ({ text }) => ({ ...(JSON.parse(text) as JsonObject), type: 'event_callback' }),
  );
  for (const payload of sent) await simulator.deliver(payload);
  await simulator.idle();
  const messages = await take(backend, sent.length);
  expect(messages.map(({ payload }) => JSON.stringify(payload)).sort()).toEqual(
    sent.map((payload) => JSON.stringify(payload)).sort(),
  );
});

test('reports the state, and the reason for a missing connection, in health, readiness and metrics', async () => {
  const simulator = await workspace();
  const { server } = await start(simulator);
  const answer = async (path: string) => fetch(`${server.address}${path}`);
  expect((await health(server))['socket_mode']).toMatchObject({
    status: 'up',
    detail: { state: 'connected', connections: 1, failures: 0 },
  });
  expect((await answer('/readyz')).status).toBe(200);
  await simulator.fail('apps.connections.open', 'team_added_to_org', { times: 1_000 });
  await simulator.refreshConnections();
  await expect.poll(async () => (await answer('/readyz')).status, { timeout: 20_000 }).toBe(503);
  expect((await health(server))['socket_mode']).toMatchObject({
    status: 'down',
    detail: { connections: 1, reason: 'team_added_to_org' },
  });
  const metrics = await (await answer('/metrics')).text();
  expect(metrics).toMatch(/^slack_mcp_socket_mode_connected 0$/m);
  expect(metrics).toMatch(/^slack_mcp_socket_mode_connections 1$/m);
  expect(metrics).toMatch(/^slack_mcp_socket_mode_failures [1-9]/m);
});
