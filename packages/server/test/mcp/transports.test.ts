import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, it } from 'vitest';
import { TOOL_NAMES } from '../support/tool-names.ts';
import { createClient } from './support/connect-client.ts';
import { exerciseClient } from './support/exercise-client.ts';
import { type ListenOptions, listen } from './support/listen.ts';
import { send } from './support/send.ts';
import { startWorkspace, TOKEN } from './support/start-workspace.ts';
import { stdioServerParameters } from './support/stdio-server.ts';

const KEY = 'a-key-of-the-test';

type Serve = Pick<ListenOptions, 'transport' | 'mountPath' | 'auth'>;

const http: [string, Serve, (url: URL) => Transport][] = [
  [
    'Streamable HTTP',
    { transport: 'streamable-http' },
    (url) => new StreamableHTTPClientTransport(new URL('/mcp', url)),
  ],
  ['Streamable HTTP at the root', { transport: 'both' }, (url) => new StreamableHTTPClientTransport(url)],
  [
    'Streamable HTTP elsewhere',
    { mountPath: '/tools/slack' },
    (url) => new StreamableHTTPClientTransport(new URL('/tools/slack', url)),
  ],
  ['Streamable HTTP mounted at the root', { mountPath: '/' }, (url) => new StreamableHTTPClientTransport(url)],
  ['SSE', { transport: 'sse' }, (url) => new SSEClientTransport(new URL('/mcp/sse', url))],
  ['SSE next to Streamable HTTP', { transport: 'both' }, (url) => new SSEClientTransport(new URL('/mcp/sse', url))],
  ['SSE elsewhere', { mountPath: '/tools/slack/' }, (url) => new SSEClientTransport(new URL('/tools/slack/sse', url))],
  [
    'Streamable HTTP with a key',
    { auth: { keys: ['another', KEY] } },
    (url) =>
      new StreamableHTTPClientTransport(new URL('/mcp', url), {
        requestInit: { headers: { authorization: `Bearer ${KEY}` } },
      }),
  ],
  [
    'SSE with a key',
    { auth: { keys: ['another', KEY] } },
    (url) =>
      new SSEClientTransport(new URL('/mcp/sse', url), {
        requestInit: { headers: { authorization: `Bearer ${KEY}` } },
      }),
  ],
];

describe('over HTTP', () => {
  it.each(http)('%s: lists, calls tools, reads the resource and a prompt', async (_name, options, transportTo) => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log, ...options });
    const client = createClient();
    await client.connect(transportTo(new URL(server.url)));
    const { tools, results, emoji, prompt } = await exerciseClient(client);
    expect(tools).toEqual(TOOL_NAMES);
    expect(Object.values(results).filter(({ isError }) => isError)).toEqual([]);
    expect(Object.keys(results)).toHaveLength(6);
    expect(emoji).toHaveProperty('shipit');
    expect(prompt).toContain('slack_post_message');
    await client.close();
    for (const secret of [TOKEN, KEY, 'Hello from a client']) expect(at.log.text()).not.toContain(secret);
  });

  it('serves many clients concurrently, each with its own answers', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const texts = Array.from({ length: 10 }, (_, index) => `Client ${index}`);
    const posted = await Promise.all(
      texts.map(async (text, index) => {
        const client = createClient();
        const url = new URL(index % 2 === 0 ? '/mcp' : '/mcp/sse', server.url);
        await client.connect(index % 2 === 0 ? new StreamableHTTPClientTransport(url) : new SSEClientTransport(url));
        const { structuredContent } = await client.callTool({
          name: 'slack_post_message',
          arguments: { channel: 'C0RANDOM01', text },
        });
        await client.close();
        return (structuredContent as { ts: string }).ts;
      }),
    );
    const messages = await at.simulator.messages('C0RANDOM01');
    expect(posted.map((ts) => messages.find((message) => message.ts === ts)?.text)).toEqual(texts);
  });

  it('serves only the selected transport', async () => {
    await using at = await startWorkspace();
    await using sse = await listen({ host: at.host, logger: at.log, transport: 'sse' });
    await using streamable = await listen({ host: at.host, logger: at.log, transport: 'streamable-http' });
    expect(
      (await send(`${sse.url}/mcp`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: {} }))
        .status,
    ).toBe(404);
    expect((await send(`${streamable.url}/mcp/sse`)).status).toBe(404);
  });

  it('does not affect the bodies and errors of other routes', async () => {
    await using at = await startWorkspace();
    await using server = await listen({ host: at.host, logger: at.log });
    const headers = { 'content-type': 'application/json', origin: 'https://slack.com' };
    expect((await send(`${server.url}/raw`, { method: 'POST', headers, body: '{ not json' })).body).toEqual({
      bytes: 10,
      raw: true,
    });
    expect((await send(`${server.url}/broken`, { method: 'POST', headers, body: '{}' })).body).toMatchObject({
      message: 'no teapot',
    });
  });
});

describe('over stdio', () => {
  it('lists, calls tools, reads the resource and a prompt', async () => {
    await using at = await startWorkspace();
    const transport = new StdioClientTransport({ ...stdioServerParameters(at.simulator.url), stderr: 'pipe' });
    let said = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const client = createClient();
    await client.connect(transport);
    const { tools, results, emoji } = await exerciseClient(client);
    expect(tools).toEqual(TOOL_NAMES);
    expect(Object.values(results).filter(({ isError }) => isError)).toEqual([]);
    expect(emoji).toHaveProperty('shipit');
    await client.close();
    expect(said).toContain('mcp_tool_executed');
    for (const secret of [TOKEN, 'Hello from a client']) expect(said).not.toContain(secret);
  });
});
