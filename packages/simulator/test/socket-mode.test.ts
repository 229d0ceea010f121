import { type LogLevel, SocketModeClient } from '@slack/socket-mode';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/index.ts';
import { callDirectly } from './slack.ts';

interface Received {
  type: string;
  envelope_id: string;
  body: Record<string, unknown>;
  retry_num?: number;
  retry_reason?: string;
  ack(response?: object): Promise<void>;
}

const SILENT = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as LogLevel,
};

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await createSimulator({ signingSecret: 's', socketMode: true, timeScale: 10_000, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Slack's own client, connected; it acknowledges with the result of `answer`. */
async function connect(
  simulator: Simulator,
  answer: (received: Received, index: number) => object | false | undefined = () => undefined,
): Promise<{ client: SocketModeClient; received: Received[] }> {
  const client = new SocketModeClient({
    appToken: 'xapp-simulator',
    clientOptions: { slackApiUrl: simulator.url },
    // Also the delay before it reconnects.
    clientPingTimeout: 500,
    logger: SILENT,
  });
  const received: Received[] = [];
  client.on('slack_event', (event: Received) => {
    received.push(event);
    const response = answer(event, received.length - 1);
    if (response !== false) void event.ack(response);
  });
  await client.start();
  onTestFinished(() => client.disconnect());
  return { client, received };
}

describe("Slack's own client", () => {
  test('receives and acknowledges events', async () => {
    const simulator = await start();
    const { received } = await connect(simulator);
    await simulator.postMessage('alice', 'general', 'Hello <@U0SIMULBOT>');
    await simulator.idle();
    expect(received.map(({ type, body }) => [type, (body['event'] as { type: string }).type])).toEqual([
      ['events_api', 'message'],
      ['events_api', 'app_mention'],
    ]);
    const deliveries = await simulator.deliveries();
    expect(deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual([
      ['delivered', 1],
      ['delivered', 1],
    ]);
  });

  test('receives an event again that it did not acknowledge in time', async () => {
    const simulator = await start({ answerTimeoutMs: 1_500 });
    const { received } = await connect(simulator, (_event, index) => (index < 2 ? false : undefined));
    const { id } = await simulator.deliver({ type: 'app_mention', channel: 'C0GENERAL1' });
    expect((await simulator.settled(id)).state).toBe('delivered');
    expect(received.map(({ retry_num, retry_reason }) => [retry_num, retry_reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
    ]);
    expect(new Set(received.map(({ body }) => body['event_id'])).size).toBe(1);
    expect(new Set(received.map(({ envelope_id }) => envelope_id)).size).toBe(3);
  });

  test('responds to commands and interactions in its acknowledgement', async () => {
    const simulator = await start();
    const { received } = await connect(simulator, ({ type }) => ({ text: type }));
    const command = await simulator.slashCommand({ command: '/deploy', text: 'now' });
    expect(command).toMatchObject({ status: 200, failure: undefined, answer: { text: 'slash_commands' } });
    const action = await simulator.blockAction({ actionId: 'approve' });
    expect(action).toMatchObject({ status: 200, answer: { text: 'interactive' } });
    expect(received[0]?.body).toMatchObject({ command: '/deploy', text: 'now' });
    expect(received[1]?.body).toMatchObject({ type: 'block_actions' });
  });

  test.each(['refresh_requested', 'warning'] as const)('reconnects after a disconnect message (%s)', async (reason) => {
    const simulator = await start();
    const { received } = await connect(simulator);
    await simulator.refreshConnections(reason);
    expect(await simulator.connections()).toBe(0);
    await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(1);
    await simulator.react('alice', 'general', (await simulator.messages('general'))[0]?.ts ?? '', 'eyes');
    await simulator.idle();
    expect(received).toHaveLength(1);
  });

  test.each(['before-request', 'after-request', 'after-answer'] as const)(
    'receives an event again that was cut off %s',
    async (at) => {
      const simulator = await start({ timeScale: 60 });
      await connect(simulator);
      await simulator.cutOff(1, { at });
      const { id } = await simulator.deliver({ type: 'app_mention', channel: 'C0GENERAL1' });
      const { state, attempts } = await simulator.settled(id);
      expect(state).toBe('delivered');
      expect(attempts[0]).toMatchObject({ failure: 'connection_failed', cutOff: at });
    },
  );
});

test('distributes envelopes to two connections in turn', async () => {
  const simulator = await start();
  const both = [await connect(simulator), await connect(simulator)];
  expect(await simulator.connections()).toBe(2);
  for (let index = 0; index < 10; index += 1) await simulator.deliver({ type: 'app_mention' });
  await simulator.idle();
  expect(both.map(({ received }) => received.length)).toEqual([5, 5]);
});

test('retries an event without a connection, then marks it failed', async () => {
  const simulator = await start({ timeScale: 1_000_000 });
  const { id } = await simulator.deliver({ type: 'app_mention' });
  const { state, attempts } = await simulator.settled(id);
  expect([state, attempts.length, attempts[0]?.failure]).toEqual(['failed', 4, 'connection_failed']);
  expect(await simulator.slashCommand({ command: '/x' })).toMatchObject({ failure: 'connection_failed' });
});

test('requires the app-level token and an app in Socket Mode', async () => {
  const simulator = await start();
  const open = async (token: string, url = simulator.url) =>
    (await callDirectly(url, 'apps.connections.open', { token, form: {} })).body;
  expect(await open('xapp-simulator')).toMatchObject({
    ok: true,
    url: expect.stringMatching(/^ws:.*\/link\/\?ticket=/),
  });
  expect(await open('xapp-other')).toMatchObject({ ok: false, error: 'invalid_auth' });
  expect(await open('xoxb-simulator')).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
  const other = await start({ socketMode: false });
  expect(await open('xapp-simulator', other.url)).toMatchObject({ ok: false, error: 'socket_mode_not_enabled' });
});

test('accepts a connection address only once', async () => {
  const simulator = await start();
  const { body } = await callDirectly(simulator.url, 'apps.connections.open', { token: 'xapp-simulator', form: {} });
  const address = String(body['url']);
  const opened = (url: string) =>
    new Promise<boolean>((resolve) => {
      const socket = new WebSocket(url);
      socket.onmessage = () => resolve(true);
      socket.onerror = () => resolve(false);
      onTestFinished(() => socket.close());
    });
  expect(await opened(address)).toBe(true);
  expect(await opened(address)).toBe(false);
  expect(await opened(`${address}x`)).toBe(false);
});

describe('disconnections that Slack does not document', () => {
  /** Connects without Slack's client, and returns the messages received before it closed, or the first `count`. */
  async function messagesOf(simulator: Simulator, count: number): Promise<Record<string, unknown>[]> {
    const { body } = await callDirectly(simulator.url, 'apps.connections.open', { token: 'xapp-simulator', form: {} });
    const socket = new WebSocket(String(body['url']));
    onTestFinished(() => socket.close());
    const messages: Record<string, unknown>[] = [];
    await new Promise<void>((resolve) => {
      socket.onclose = () => resolve();
      socket.onmessage = ({ data }) => {
        messages.push(JSON.parse(String(data)));
        if (messages.length === count) resolve();
      };
    });
    return messages;
  }

  test('disconnects the eleventh connection with too_many_websockets', async () => {
    const simulator = await start();
    for (let index = 0; index < 10; index += 1)
      expect(await messagesOf(simulator, 1)).toMatchObject([{ type: 'hello' }]);
    expect(await messagesOf(simulator, 2)).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    expect(await simulator.connections()).toBe(10);
  });

  test('closes the open connections with link_disabled', async () => {
    const simulator = await start();
    const messages = messagesOf(simulator, 2);
    await expect.poll(() => simulator.connections(), { timeout: 20_000 }).toBe(1);
    await simulator.refreshConnections('link_disabled');
    expect(await messages).toMatchObject([{ type: 'hello' }, { type: 'disconnect', reason: 'link_disabled' }]);
  });

  test('affects the given number of connections, then greets again', async () => {
    const simulator = await start();
    await simulator.troubleConnections('disconnect-before-hello');
    expect(await messagesOf(simulator, 1)).toMatchObject([{ type: 'disconnect' }]);
    await simulator.troubleConnections('disconnect-after-hello', { times: 2 });
    expect(await messagesOf(simulator, 2)).toMatchObject([{ type: 'hello' }, { type: 'disconnect' }]);
    expect(await messagesOf(simulator, 2)).toMatchObject([{ type: 'hello' }, { type: 'disconnect' }]);
    await simulator.troubleConnections('close-after-hello');
    expect(await messagesOf(simulator, 2)).toMatchObject([{ type: 'hello' }]);
    expect(await messagesOf(simulator, 1)).toMatchObject([{ type: 'hello' }]);
    expect(await simulator.connectionAttempts()).toBe(5);
  });

  test.each(['no-upgrade', 'no-hello'] as const)('keeps the app waiting with %s', async (trouble) => {
    const simulator = await start();
    await simulator.troubleConnections(trouble, { times: 1 });
    const waiting = messagesOf(simulator, 1);
    await expect.poll(() => simulator.connectionAttempts(), { timeout: 20_000 }).toBe(1);
    expect(await messagesOf(simulator, 1)).toMatchObject([{ type: 'hello' }]);
    expect(await Promise.race([waiting, 'still waiting'])).toBe('still waiting');
  });
});
