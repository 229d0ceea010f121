import { readKeySettings } from '@slack-mcp/core';
import { createSimulator, type Simulator, type SimulatorOptions } from '@slack-mcp/simulator';
import { createSlackEgress } from '@slack-mcp/slack';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createIngress } from '../../src/ingress/ingress.ts';
import { openSocketMode, type SocketMode, type SocketModeOptions } from '../../src/ingress/socket-mode.ts';
import { loadSocketModeClient } from '../../src/ingress/socket-mode-client.ts';
import { memoryBackend, recordingLogger, take } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

async function workspace(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await createSimulator({ signingSecret: SECRET, socketMode: true, timeScale: 600, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Socket Mode with short deadlines, using Slack's own client. */
async function open(simulator: Simulator, options: Partial<SocketModeOptions> = {}) {
  const logger = recordingLogger();
  const { lines } = logger;
  const backend = memoryBackend();
  const ingress = createIngress({
    backend,
    signingSecrets: [],
    keys: readKeySettings({}),
    logger,
  });
  const createClient = await loadSocketModeClient({
    appToken: 'xapp-simulator',
    egress: createSlackEgress({ apiUrl: simulator.url }),
  });
  const socketMode = openSocketMode({ createClient, ingress, logger, stepTimeoutMs: 2_000, ...options });
  onTestFinished(() => socketMode.close({ drainTimeoutMs: 0 }));
  return { socketMode, backend, lines };
}

const connected = (socketMode: SocketMode) =>
  expect.poll(() => socketMode.status.state, { timeout: 20_000 }).toBe('connected');

describe('a step of connecting that Slack does not complete', () => {
  test.each([
    ['no-upgrade', 'no_answer', /did not send a greeting within 2000 ms/],
    ['no-hello', 'no_answer', /did not send a greeting within 2000 ms/],
    ['disconnect-before-hello', 'warning', /ended the connection before it was ready: warning/],
  ] as const)('%s: is reported, and followed by a reconnect', async (trouble, reason, message) => {
    const simulator = await workspace();
    await simulator.troubleConnections(trouble, { times: 2 });
    const { socketMode, backend, lines } = await open(simulator);
    await expect.poll(() => socketMode.status, { timeout: 20_000 }).toMatchObject({ failures: 2, reason });
    await connected(socketMode);
    const failures = lines.filter((line) => line.includes('socket_mode_connection_failed'));
    expect(failures).toHaveLength(2);
    expect(failures[0]).toMatch(message);
    await simulator.deliver({ type: 'app_mention' });
    expect(await take(backend, 1)).toHaveLength(1);
  });

  test('requests an address again when it does not arrive in time', async () => {
    const simulator = await workspace();
    const createClient = await loadSocketModeClient({
      appToken: 'xapp-simulator',
      egress: createSlackEgress({ apiUrl: simulator.url }),
    });
    let isFirst = true;
    const { socketMode, lines } = await open(simulator, {
      createClient: (listener) => {
        const connection = createClient(listener);
        if (!isFirst) return connection;
        isFirst = false;
        return { ...connection, start: () => new Promise(() => {}) };
      },
    });
    await connected(socketMode);
    expect(lines.join('\n')).toMatch(/did not send an address within 2000 ms/);
  });
});

describe('a short connection', () => {
  test.each(['disconnect-after-hello', 'close-after-hello'] as const)(
    '%s, repeatedly: increases the delay each time',
    async (trouble) => {
      const simulator = await workspace();
      await simulator.troubleConnections(trouble, { times: 10_000 });
      const { socketMode, lines } = await open(simulator, { initialDelayMs: 200 });
      await expect.poll(() => socketMode.status.failures, { timeout: 60_000 }).toBeGreaterThanOrEqual(6);
      // By now 0 + 0 + up to 200, 400, 800 and 1600 ms have passed.
      expect(await simulator.connectionAttempts()).toBeLessThan(10);
      expect(lines.length).toBeLessThan(25);
      await simulator.troubleConnections(trouble, { times: 0 });
      await connected(socketMode);
    },
    90_000,
  );

  test('resets the delay after a connection that lasted for a while', async () => {
    const simulator = await workspace();
    const { socketMode } = await open(simulator, { livedMs: 0 });
    for (let round = 1; round <= 6; round += 1) {
      await expect.poll(() => socketMode.status.connections, { timeout: 20_000 }).toBe(round);
      await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(1);
      await simulator.refreshConnections();
      await expect.poll(() => socketMode.status.connections, { timeout: 20_000 }).toBe(round + 1);
      expect(socketMode.status).toMatchObject({ failures: 0, reason: 'refresh_requested' });
    }
  });

  test('is reported with its reason', async () => {
    const simulator = await workspace();
    const { socketMode, lines } = await open(simulator);
    await connected(socketMode);
    await simulator.refreshConnections('link_disabled');
    await expect.poll(() => socketMode.status.reason, { timeout: 20_000 }).toBe('link_disabled');
    expect(lines.find((line) => line.includes('socket_mode_disconnected'))).toContain('link_disabled');
  });

  test('waits for room as the eleventh connection', async () => {
    const simulator = await workspace();
    const others = await Promise.all(Array.from({ length: 10 }, () => open(simulator)));
    await Promise.all(others.map(({ socketMode }) => connected(socketMode)));
    const { socketMode } = await open(simulator);
    await expect.poll(() => socketMode.status.reason, { timeout: 20_000 }).toBe('too_many_websockets');
    await others[0]?.socketMode.close();
    await connected(socketMode);
  });
});

describe('errors of apps.connections.open', () => {
  test.each([
    'team_added_to_org',
    'org_login_required',
    'accesslimited',
    'rate_limited',
    'too_many_websockets',
    'internal_error',
    'an_error_of_tomorrow',
  ])('%s is temporary: it waits and retries', async (error) => {
    const simulator = await workspace();
    await simulator.fail('apps.connections.open', error, { times: 2 });
    const { socketMode } = await open(simulator, { initialDelayMs: 1 });
    await connected(socketMode);
    expect(await simulator.calls('apps.connections.open')).toHaveLength(3);
  });

  test.each(['invalid_auth', 'account_inactive', 'not_allowed_token_type', 'token_revoked'])(
    '%s is permanent: it stops',
    async (error) => {
      const simulator = await workspace();
      await simulator.fail('apps.connections.open', error);
      const { socketMode } = await open(simulator);
      await expect(socketMode.ready).rejects.toThrow(`Slack refuses Socket Mode: ${error}`);
      await expect(socketMode.closed).rejects.toThrow(error);
      expect(await simulator.calls('apps.connections.open')).toHaveLength(1);
    },
  );

  test('waits as long as Slack asks after a rate limit', async () => {
    const simulator = await workspace();
    await simulator.limit('apps.connections.open', { retryAfterS: 1 });
    const { socketMode, lines } = await open(simulator, { initialDelayMs: 1 });
    await expect.poll(() => socketMode.status.reason, { timeout: 20_000 }).toBe('ratelimited');
    await connected(socketMode);
    expect(lines.join('\n')).toMatch(/"delayMs":1000/);
  });
});

test('stops at once when it is closed while waiting for the greeting', async () => {
  const simulator = await workspace();
  await simulator.troubleConnections('no-hello');
  const { socketMode } = await open(simulator, { stepTimeoutMs: 600_000 });
  await expect.poll(() => simulator.connectionAttempts(), { timeout: 20_000 }).toBe(1);
  await socketMode.close({ drainTimeoutMs: 100 });
  expect(socketMode.status.state).toBe('closed');
});
