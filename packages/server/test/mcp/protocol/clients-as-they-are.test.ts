import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { SIMULATOR_IDS } from '@slack-mcp/simulator';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acceptedTypes } from '../../../src/mcp/http/accepted-types.ts';
import { serveStdio } from '../../../src/mcp/protocol/stdio.ts';
import { openHost } from '../../support/open-host.ts';
import { type ListenOptions, listen } from '../support/listen.ts';
import { INITIALIZE, JSON_HEADERS, openSession, send } from '../support/send.ts';
import { startWorkspace } from '../support/start-workspace.ts';

const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const read = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'slack_read_emojis', arguments: {} } };
const post = (url: string, body: object | string, headers: Record<string, string> = {}) =>
  send(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

async function serve(options: Partial<ListenOptions> = {}) {
  const workspace = await startWorkspace();
  const server = await listen({ host: workspace.host, logger: workspace.log, ...options });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  return { ...server, url: server.url, mcp: `${server.url}/mcp`, log: workspace.log };
}

describe('a byte order mark', () => {
  it('before a body is ignored', async () => {
    const { mcp } = await serve();
    const answer = await post(mcp, `\ufeff${JSON.stringify(INITIALIZE)}`, JSON_HEADERS);
    expect(answer).toMatchObject({ status: 200, body: { result: { protocolVersion: '2025-11-25' } } });
    const rest = await post(mcp.replace('/mcp', '/call_tool'), '\ufeff{"name":"slack_read_emojis"}');
    expect(rest.status).toBe(200);
  });

  it.each([
    ['\ufeff', ''],
    ['\ufeff', '\ufeff'],
  ])('before lines on stdin is ignored: %j, %j', async (first, second) => {
    const host = openHost({ slack: new Map(), logger: capturedLog(), version: '1' });
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const served = serveStdio(host, { stdin, stdout });
    stdin.end(`${first}${JSON.stringify(INITIALIZE)}\r\n${second}${JSON.stringify(list)}\r\n`);
    await served;
    const answers = String(stdout.read())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { id: 1, result: {} },
      { id: 2, result: { tools: expect.any(Array) } },
    ]);
    await host.close();
  });
});

describe('the Accept header of a client', () => {
  it.each([
    [undefined, true, true],
    ['', true, true],
    ['*/*', true, true],
    ['application/json', true, false],
    ['text/event-stream', false, true],
    ['application/*, text/*', true, true],
    ['Application/JSON;q=0.9, text/event-stream;q=0', true, false],
    ['text/html', false, false],
    ['application/json-patch+json', false, false],
  ])('%s: JSON %s, a stream %s', (accept, json, stream) => {
    expect(acceptedTypes(accept)).toEqual({ json, stream });
  });

  it.each([
    ['*/*', 'text/event-stream'],
    [undefined, 'text/event-stream'],
    ['application/json', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['application/json, text/plain', 'application/json'],
    ['text/*', 'text/event-stream'],
  ])('determines the content type: %s', async (accept, type) => {
    const { mcp } = await serve();
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const opened = await post(mcp, INITIALIZE, headers);
    expect([opened.status, opened.headers['content-type']]).toEqual([200, type]);
    expect(opened.body.result).toHaveProperty('serverInfo');
    const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    expect(
      (await post(mcp, { jsonrpc: '2.0', method: 'notifications/initialized' }, { ...headers, ...session })).status,
    ).toBe(202);
    const called = await post(mcp, read, { ...headers, ...session });
    expect([called.status, called.headers['content-type']]).toEqual([200, type]);
    expect(called.body.result).toHaveProperty('content');
    expect((await post(mcp, list, { ...headers, ...session })).body.result).toHaveProperty('tools');
    if (type !== 'application/json') return;
    const batch = await post(
      mcp,
      [
        { ...read, id: 'a' },
        { ...read, id: 'b' },
      ],
      { ...headers, ...session },
    );
    expect((batch.body as unknown as { id: string }[]).map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('is rejected if this server supports none of its types', async () => {
    const { mcp } = await serve();
    expect((await post(mcp, INITIALIZE, { accept: 'text/html' })).status).toBe(406);
    const session = await openSession(mcp);
    expect((await send(mcp, { headers: { accept: 'application/json', 'mcp-session-id': session } })).status).toBe(406);
  });

  it.each([undefined, '*/*', 'application/json'])('is ignored without sessions: %s', async (accept) => {
    const { mcp } = await serve({ sessions: 'stateless' });
    const answer = await post(mcp, read, accept === undefined ? {} : { accept });
    expect([answer.status, answer.body.result]).toMatchObject([200, { content: expect.any(Array) }]);
  });
});

describe('tasks', () => {
  it.each([
    ['2024-11-05', false],
    ['2025-03-26', false],
    ['2025-06-18', false],
    ['2025-11-25', true],
    ['1999-01-01', true],
  ])('are offered only to a client that requests a revision with tasks: %s, %s', async (protocolVersion, offered) => {
    const { mcp } = await serve();
    const opened = await post(mcp, { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion } }, JSON_HEADERS);
    expect('tasks' in ((opened.body.result?.['capabilities'] ?? {}) as object)).toBe(offered);
    expect(opened.body.result?.['capabilities']).toHaveProperty('tools');
    const session = { ...JSON_HEADERS, 'mcp-session-id': String(opened.headers['mcp-session-id']) };
    const tools = (await post(mcp, list, session)).body.result?.['tools'] as { execution?: object }[];
    expect(tools.some(({ execution }) => execution !== undefined)).toBe(offered);
    const name = 'slack_read_channel_messages';
    const params = { name, arguments: { channel: SIMULATOR_IDS.channel }, task: { ttl: 1_000 } };
    const called = await post(mcp, { ...read, params }, session);
    expect('task' in (called.body.result ?? {})).toBe(offered);
  });
});

describe('a client of SSE', () => {
  it('behind a proxy that strips the start of the path receives the path that it knows', async () => {
    let target = 0;
    const proxy = createServer((incoming, outgoing) => {
      const path = incoming.url?.replace(/^\/slack(?=\/)/, '');
      if (path === incoming.url) return outgoing.writeHead(404).end();
      const headers = { ...incoming.headers, host: `127.0.0.1:${target}` };
      const passed = httpRequest({ port: target, path, method: incoming.method, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      outgoing.once('close', () => passed.destroy());
      incoming.pipe(passed);
      return undefined;
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const publicUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/slack/mcp`;
    const { port, mcp } = await serve({ publicUrl });
    target = port;
    for (const url of [`${publicUrl}/sse`, `${mcp}/sse`]) {
      const client = new Client({ name: 'test', version: '0' });
      await client.connect(new SSEClientTransport(new URL(url)));
      expect((await client.listTools()).tools.length).toBeGreaterThan(0);
      await client.close();
    }
  });
});

describe('a client with an OAuth provider and a wrong key', () => {
  it('shows its user what is wrong', async () => {
    const { mcp } = await serve({ auth: { keys: ['the-right-key-0123456789'] } });
    const authProvider = {
      redirectUrl: 'http://127.0.0.1/callback',
      clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'] },
      clientInformation: () => undefined,
      saveClientInformation: () => {},
      tokens: () => ({ access_token: 'a-wrong-key', token_type: 'bearer' }),
      saveTokens: () => {},
      redirectToAuthorization: () => {},
      saveCodeVerifier: () => {},
      codeVerifier: () => 'x',
    };
    const client = new Client({ name: 'test', version: '0' });
    const transport = new StreamableHTTPClientTransport(new URL(mcp), { authProvider });
    const error = await client.connect(transport).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error).not.toBeInstanceOf(UnauthorizedError);
    expect(error?.message).toMatch(/key in the Authorization header is missing or wrong/);
  });

  it('receives that explanation only if the server uses keys', async () => {
    const { url } = await serve();
    expect((await post(`${url}/register`, {})).status).toBe(404);
  });
});

describe('a host or origin that is not allowed', () => {
  it.each([
    ['host', { host: 'mcp.example.com' }, 'mcp.example.com', 'MCP_ALLOWED_HOSTS'],
    ['origin', { origin: 'https://app.example.com' }, 'https://app.example.com', 'MCP_ALLOWED_ORIGINS'],
    ['host', { host: 'evil.example\u0000x'.replace('\u0000', '') }, 'evil.examplex', 'MCP_ALLOWED_HOSTS'],
  ])('%s: the answer and the log name it and the setting', async (field, headers, name, setting) => {
    const { mcp, log } = await serve({ auth: { keys: ['the-right-key-0123456789'] } });
    const answer = await post(mcp, list, {
      ...JSON_HEADERS,
      authorization: 'Bearer the-right-key-0123456789',
      ...(headers as Record<string, string>),
    });
    expect(answer.status).toBe(403);
    expect(answer.body.error?.message).toContain(name);
    expect(answer.body.error?.message).toContain(setting);
    const line = log.lines.find(({ event }) => event === 'mcp_request_refused');
    expect(line?.fields).toMatchObject({ [field]: JSON.stringify(name), setting });
  });

  it('is allowed after following the message', async () => {
    const { mcp } = await serve({
      allowedHosts: ['mcp.example.com'],
      allowedOrigins: ['null', 'https://app.example.com'],
    });
    for (const origin of ['null', 'https://app.example.com']) {
      const headers = { ...JSON_HEADERS, host: 'mcp.example.com', origin };
      expect((await post(mcp, INITIALIZE, headers)).status).toBe(200);
    }
  });
});

describe('a channel name in the address of a resource', () => {
  it.each([
    'slack://channels/#general/messages',
    'slack://channels/%23general/messages',
    'slack://channels/general/messages',
  ])('accepts %s', async (uri) => {
    const { mcp } = await serve();
    const session = { ...JSON_HEADERS, 'mcp-session-id': await openSession(mcp) };
    const answer = await post(mcp, { jsonrpc: '2.0', id: 4, method: 'resources/read', params: { uri } }, session);
    expect(answer.body.result).toMatchObject({ contents: [{ mimeType: 'application/json' }] });
  });

  it.each([
    'slack://channels/a#b/messages',
    'slack://channels/general/messages#x',
    'slack://channels/##general/messages',
  ])('rejects %s', async (uri) => {
    const { mcp } = await serve();
    const session = { ...JSON_HEADERS, 'mcp-session-id': await openSession(mcp) };
    const answer = await post(mcp, { jsonrpc: '2.0', id: 4, method: 'resources/read', params: { uri } }, session);
    expect(answer.body.error?.code).toBe(-32002);
  });
});
