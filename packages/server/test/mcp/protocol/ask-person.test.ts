import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import type { ToolResult } from '../../../src/tools/tool-result.ts';
import { failure } from '../../tools/support/results.ts';
import { listen } from '../support/listen.ts';
import { ENVELOPE, modernPost } from '../support/modern.ts';
import { INITIALIZE, send } from '../support/send.ts';
import { startWorkspace, type TestWorkspace } from '../support/start-workspace.ts';
import { stdioServerParameters } from '../support/stdio-server.ts';
import { openTransport, TRANSPORTS } from '../support/transports.ts';

const GENERAL = 'C0GENERAL1';

async function start(): Promise<{ at: TestWorkspace; ts: string; left: () => Promise<boolean> }> {
  const at = await startWorkspace({ host: { toolsets: ['editing'] } });
  const posted = await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'To be deleted' });
  const ts = String(posted.structuredContent?.['ts']);
  return { at, ts, left: async () => (await at.simulator.messages(GENERAL)).some((message) => message.ts === ts) };
}

async function open(name: (typeof TRANSPORTS)[number], at: TestWorkspace): ReturnType<typeof openTransport> {
  if (name !== 'stdio') return openTransport(name, at);
  const { env, ...parameters } = stdioServerParameters(at.simulator.url);
  const transport = new StdioClientTransport({
    ...parameters,
    env: { ...env, SLACK_MCP_TOOLSETS: 'editing' },
    stderr: 'ignore',
  });
  return { transport: transport as Transport, [Symbol.asyncDispose]: () => transport.close() };
}

const call = (ts: string) => ({ name: 'slack_delete_message', arguments: { channel: GENERAL, timestamp: ts } });

describe.each(TRANSPORTS)('over %s', (name) => {
  it.each([
    ['accept', false],
    ['decline', true],
    ['cancel', true],
  ] as const)('asks before a message is deleted; after %s, the message is left: %s', async (action, isLeft) => {
    const { at, ts, left } = await start();
    await using workspace = at;
    await using way = await open(name, workspace);
    const client = new Client({ name: 'test', version: '0' }, { capabilities: { elicitation: {} } });
    const questions: string[] = [];
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      expect(await left()).toBe(true);
      return { action, ...(action === 'accept' ? { content: {} } : {}) };
    });
    await client.connect(way.transport);
    const result = await client.callTool(call(ts));
    expect(result.isError ?? false).toBe(isLeft);
    expect(questions).toEqual([expect.stringContaining(`p${ts.replace('.', '')}`)]);
    expect(await left()).toBe(isLeft);
    await client.close();
  });

  it.each([{}, { elicitation: { url: {} } }])(
    'does not ask a client with the capabilities %j',
    async (capabilities) => {
      const { at, ts, left } = await start();
      await using workspace = at;
      await using way = await open(name, workspace);
      const client = new Client({ name: 'test', version: '0' }, { capabilities });
      await client.connect(way.transport);
      expect((await client.callTool(call(ts))).isError ?? false).toBe(false);
      expect(await left()).toBe(false);
      await client.close();
    },
  );
});

describe('a client that declares elicitation but accepts only JSON', () => {
  it('gets its answer at once, with the reason and what to do', async () => {
    const { at, ts, left } = await start();
    await using workspace = at;
    await using server = await listen({ host: workspace.host, logger: workspace.log });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const capable = { ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation: {} } } };
    const opened = await send(`${server.url}/mcp`, { method: 'POST', headers, body: capable });
    const answer = await send(`${server.url}/mcp`, {
      method: 'POST',
      headers: { ...headers, 'mcp-session-id': String(opened.headers['mcp-session-id']) },
      body: { jsonrpc: '2.0', id: 2, method: 'tools/call', params: call(ts) },
    });
    const { code, text } = failure(answer.body.result as ToolResult);
    expect(code).toBe('unanswered');
    expect(text).toContain('accept text/event-stream');
    expect(await left()).toBe(true);
  });
});

describe('a client of revision 2026-07-28', () => {
  async function ask(url: string, ts: string, more: object = {}, capabilities: object = { elicitation: {} }) {
    const { body, ...request } = modernPost('tools/call', { ...call(ts), ...more });
    const _meta = { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': capabilities };
    const answer = await send(`${url}/mcp`, { ...request, body: { ...body, params: { ...body.params, _meta } } });
    return answer.body.result as Record<string, unknown>;
  }

  it.each([
    ['accept', false],
    ['decline', true],
    ['cancel', true],
  ])('answers the question in a second round: after %s, the message is left: %s', async (action, isLeft) => {
    const { at, ts, left } = await start();
    await using workspace = at;
    await using server = await listen({ host: workspace.host, logger: workspace.log });
    const first = await ask(server.url, ts);
    expect(first['resultType']).toBe('input_required');
    const [[key, question] = ['', {}]] = Object.entries(first['inputRequests'] as object);
    expect(question).toMatchObject({
      method: 'elicitation/create',
      params: { message: expect.stringContaining(`p${ts.replace('.', '')}`) },
    });
    expect(await left()).toBe(true);
    const second = await ask(server.url, ts, { inputResponses: { [key]: { action, content: {} } } });
    expect(second['resultType']).toBe('complete');
    expect(await left()).toBe(isLeft);
  });

  it('cannot use an answer to one question for another message', async () => {
    const { at, ts, left } = await start();
    await using workspace = at;
    await using server = await listen({ host: workspace.host, logger: workspace.log });
    const other = await workspace.host.callTool('slack_post_message', { channel: GENERAL, text: 'Another' });
    const first = await ask(server.url, String(other.structuredContent?.['ts']));
    const [key = ''] = Object.keys(first['inputRequests'] as object);
    const second = await ask(server.url, ts, { inputResponses: { [key]: { action: 'accept', content: {} } } });
    expect(second['resultType']).toBe('input_required');
    expect(await left()).toBe(true);
  });

  it('that cannot ask is not asked', async () => {
    const { at, ts, left } = await start();
    await using workspace = at;
    await using server = await listen({ host: workspace.host, logger: workspace.log });
    expect((await ask(server.url, ts, {}, {}))['resultType']).toBe('complete');
    expect(await left()).toBe(false);
  });
});
