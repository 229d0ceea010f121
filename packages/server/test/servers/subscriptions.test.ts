import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { createSimulator, SIMULATOR_IDS, type Simulator } from '@slack-mcp/simulator';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createIntegratedServer,
  createMcpHttpServer,
  type IntegratedServerOptions,
  type RunningServer,
} from '../../src/index.ts';
import { type Change, createChanges } from '../../src/mcp/protocol/changes.ts';
import { RequestError } from '../../src/mcp/protocol/request-error.ts';
import { ResourceUpdates } from '../../src/mcp/resources/resource-updates.ts';
import { memoryBackend } from '../support/ingress-server.ts';
import { SECRET } from '../support/signed.ts';

const GENERAL = SIMULATOR_IDS.channel;

async function integrated(
  options: Partial<IntegratedServerOptions> = {},
): Promise<{ simulator: Simulator; server: RunningServer }> {
  const simulator = await createSimulator({ signingSecret: SECRET });
  onTestFinished(() => simulator.close());
  const server = createIntegratedServer({
    token: 'xoxb-simulator',
    apiUrl: simulator.url,
    signingSecret: SECRET,
    port: 0,
    backend: memoryBackend(),
    ...options,
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  await simulator.setEventsUrl(`${server.address}/slack/events`, { verify: true });
  return { simulator, server };
}

async function connected(server: RunningServer): Promise<{ client: Client; heard: string[] }> {
  const client = new Client({ name: 'test', version: '1' });
  const heard: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.address}/mcp`)) as unknown as Transport);
  onTestFinished(() => client.close());
  return { client, heard };
}

describe('a client that subscribes to a channel', () => {
  test('is notified of messages in that channel only, by the address that it used, once for many', async () => {
    const { simulator, server } = await integrated();
    const { client, heard } = await connected(server);
    expect(client.getServerCapabilities()?.resources?.subscribe).toBe(true);
    await client.subscribeResource({ uri: 'slack://channels/general/messages' });
    await simulator.postMessage('alice', 'random', 'Elsewhere');
    for (const text of ['One', 'Two', 'Three']) await simulator.postMessage('alice', GENERAL, text);
    await simulator.idle();
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), 20_000);
    expect(new Set(heard)).toEqual(new Set(['slack://channels/general/messages']));
    expect(heard.length).toBeLessThan(4);
    const { contents } = await client.readResource({ uri: heard[0] ?? '' });
    expect(JSON.stringify(contents)).toContain('Three');
  });

  test('receives no notifications after it has unsubscribed', async () => {
    const { simulator, server } = await integrated();
    const [first, second] = [await connected(server), await connected(server)];
    const uri = `slack://channels/${GENERAL}/messages`;
    await first.client.subscribeResource({ uri });
    await second.client.subscribeResource({ uri });
    await first.client.unsubscribeResource({ uri });
    await simulator.postMessage('alice', GENERAL, 'Heard by one');
    await vi.waitFor(() => expect(second.heard).toEqual([uri]), 20_000);
    expect(first.heard).toEqual([]);
  });

  test('is rejected for a channel that it may not read', async () => {
    const { simulator, server } = await integrated({ readChannels: ['!general'] });
    const { client, heard } = await connected(server);
    for (const uri of ['slack://channels/general/messages', `slack://channels/${GENERAL}/messages`]) {
      await expect(client.subscribeResource({ uri })).rejects.toThrow('SLACK_MCP_READ_CHANNELS');
    }
    await client.subscribeResource({ uri: 'slack://channels/random/messages' });
    await simulator.postMessage('alice', GENERAL, 'Secret');
    await simulator.postMessage('alice', 'random', 'Open');
    await vi.waitFor(() => expect(heard).toEqual(['slack://channels/random/messages']), 20_000);
  });

  test('may subscribe to at most a hundred resources', async () => {
    const { server } = await integrated();
    const { client } = await connected(server);
    const uri = (index: number) => `slack://channels/${GENERAL}/threads/1700000000.${index}`;
    for (let index = 0; index < 100; index += 1) await client.subscribeResource({ uri: uri(index) });
    await client.subscribeResource({ uri: uri(7) });
    await expect(client.subscribeResource({ uri: uri(100) })).rejects.toThrow('at most 100 resources');
    await client.unsubscribeResource({ uri: uri(7) });
    await client.subscribeResource({ uri: uri(100) });
  });
});

describe('a resource that may not be read', () => {
  test('causes no notifications for any listener', async () => {
    const changes = createChanges();
    const told: Change[] = [];
    changes.subscribe((change) => told.push(change));
    const locate = async (uri: string) => {
      if (uri.includes('C0DENIED')) throw new RequestError('invalidParams', 'denied');
      return uri;
    };
    const updates = new ResourceUpdates(changes, { locate }, []);
    onTestFinished(() => updates.close());
    for (const channel of ['C0DENIED', 'C0OPEN', 'C0OPEN']) updates.add(`channels/${channel}/messages`);
    const open = { kind: 'resource_updated', uri: 'slack://channels/C0OPEN/messages' };
    await vi.waitFor(() => expect(told).toEqual([open]), 20_000);
  });

  test('is collected up to a limit, and not at all without listeners', async () => {
    const changes = createChanges();
    const located: string[] = [];
    const locate = async (uri: string) => {
      located.push(uri);
      return uri;
    };
    const updates = new ResourceUpdates(changes, { locate }, ['acme', 'umbrella']);
    onTestFinished(() => updates.close());
    updates.add('emojis');
    changes.subscribe(() => {});
    for (let index = 0; index < 1_000; index += 1) updates.add(`channels/C${index}/messages`);
    expect(located).toHaveLength(2_000);
    expect(located.slice(0, 2)).toEqual(['slack://acme/channels/C0/messages', 'slack://umbrella/channels/C0/messages']);
  });
});

describe('a server that receives nothing from Slack', () => {
  test('does not offer subscriptions', async () => {
    const server = createMcpHttpServer({ token: 'xoxb-simulator', port: 0 });
    onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
    await server.start();
    const { client } = await connected(server);
    expect(client.getServerCapabilities()?.resources).toEqual({});
    await expect(
      client.request(
        { method: 'resources/subscribe', params: { uri: 'slack://emojis' } },
        ResourceUpdatedNotificationSchema,
      ),
    ).rejects.toMatchObject({ code: -32601 });
  });
});
