import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMcpHttpServer, type McpHttpServerOptions, type RunningServer } from '../../src/index.ts';
import { openStream } from '../mcp/support/event-stream.ts';
import { modernPost } from '../mcp/support/modern.ts';
import { INITIALIZE, JSON_HEADERS, openSession } from '../mcp/support/send.ts';

const CALL = { name: 'slack_read_emojis', arguments: {} };
const BODY = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: CALL };

/** A server whose Slack responds when the test lets it. */
async function serve(options: Partial<McpHttpServerOptions> = {}) {
  const waiting: (() => void)[] = [];
  const slack = createServer((asked, answer) => {
    asked.resume();
    answer.setHeader('content-type', 'application/json');
    waiting.push(() => answer.end(JSON.stringify({ ok: true, emoji: { shipit: 'https://emoji.test/1.png' } })));
  });
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    slack.closeAllConnections();
    slack.close();
  });
  const apiUrl = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`;
  const server = createMcpHttpServer({ port: 0, apiUrl, token: 'xoxb-simulator', ...options });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }).catch(() => {}));
  await server.start();
  return { server, waiting, mcp: `${server.address}/mcp` };
}

interface Outcome {
  status: number | undefined;
  text: string;
}

/** Posts, and reads the whole response. */
function post(url: string, headers: Record<string, string>, body: object, agent: Agent | false = false) {
  return new Promise<Outcome>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

type Ask = (at: { server: RunningServer; mcp: string }) => Promise<Outcome>;

const KINDS: [name: string, options: Partial<McpHttpServerOptions>, ask: Ask][] = [
  [
    'Streamable HTTP with sessions',
    {},
    async ({ mcp }) => post(mcp, { 'mcp-session-id': await openSession(mcp) }, BODY),
  ],
  ['Streamable HTTP without sessions', { mcpSessions: 'stateless' }, async ({ mcp }) => post(mcp, {}, BODY)],
  [
    'revision 2026-07-28',
    {},
    async ({ mcp }) => {
      const { headers, body } = modernPost('tools/call', CALL);
      return post(mcp, headers, { ...body, id: 7 });
    },
  ],
];

describe.each(KINDS)('%s, when the server closes', (_name, options, ask) => {
  test('finishes open requests, and does not wait for idle connections', async () => {
    const at = await serve(options);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await post(at.mcp, {}, INITIALIZE, agent);
    const answer = ask(at);
    await expect.poll(() => at.waiting.length, { timeout: 20_000 }).toBe(1);
    const closed = at.server.close({ drainTimeoutMs: 600_000 });
    await expect.poll(async () => (await post(at.mcp, {}, INITIALIZE)).status, { timeout: 20_000 }).toBe(503);
    at.waiting[0]?.();
    expect(await answer).toMatchObject({ status: 200, text: expect.stringMatching(/"id":7/) });
    expect((await answer).text).toContain('shipit');
    const started = performance.now();
    await closed;
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  test('reports requests that it cannot finish in time', async () => {
    const at = await serve(options);
    const answer = ask(at);
    await expect.poll(() => at.waiting.length, { timeout: 20_000 }).toBe(1);
    await at.server.close({ drainTimeoutMs: 50 });
    expect((await answer).text).toMatch(/"error":\{"code":-32000,.*"id":7|"id":7,"error":\{"code":-32000,/);
  });
});

test('does not wait for an idle stream', async () => {
  const { server, mcp } = await serve();
  await openStream(mcp, await openSession(mcp));
  const started = performance.now();
  await server.close({ drainTimeoutMs: 600_000 });
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('over SSE, answers open requests before the stream ends', async () => {
  const at = await serve();
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const stream = await fetch(`${at.mcp}/sse`, { signal: controller.signal });
  let text = '';
  const ended = (async () => {
    for await (const chunk of (stream.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      text += chunk;
    }
  })();
  const path = await expect
    .poll(() => /^data: (\/\S+)$/m.exec(text)?.[1], { timeout: 20_000 })
    .toBeDefined()
    .then(() => /^data: (\/\S+)$/m.exec(text)?.[1]);
  await post(`${at.server.address}${path}`, {}, INITIALIZE);
  await post(`${at.server.address}${path}`, {}, BODY);
  await expect.poll(() => at.waiting.length, { timeout: 20_000 }).toBe(1);
  const closed = at.server.close({ drainTimeoutMs: 600_000 });
  at.waiting[0]?.();
  await ended;
  await closed;
  expect(text).toContain('"id":7');
  expect(text).toContain('shipit');
});
