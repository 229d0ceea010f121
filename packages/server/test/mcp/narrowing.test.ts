import { describe, expect, it, onTestFinished } from 'vitest';
import type { ToolResult } from '../../src/tools/tool-result.ts';
import { READING_NAMES, TOOL_NAMES } from '../support/tool-names.ts';
import { listen } from './support/listen.ts';
import { modernPost } from './support/modern.ts';
import { INITIALIZE, JSON_HEADERS, openSession, send } from './support/send.ts';
import { startWorkspace } from './support/start-workspace.ts';

type Headers = Record<string, string>;
type Named = { name: string };

const namesIn = (list: unknown): string[] => ((list ?? []) as Named[]).map(({ name }) => name);

async function serve() {
  const workspace = await startWorkspace();
  const server = await listen({ host: workspace.host, logger: workspace.log });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });
  const mcp = `${server.url}/mcp`;
  const session = { ...JSON_HEADERS, 'mcp-session-id': await openSession(mcp) };
  let id = 10;

  /** Sends a request in the session, or of revision 2026-07-28. */
  async function ask(way: 'session' | 'modern', method: string, params: Record<string, unknown>, headers: Headers) {
    if (way === 'modern') {
      const request = modernPost(method, params);
      return send(mcp, { ...request, headers: { ...request.headers, ...headers } });
    }
    id += 1;
    const body = { jsonrpc: '2.0', id, method, params };
    return send(mcp, { method: 'POST', headers: { ...session, ...headers }, body });
  }

  const listed = async (way: 'session' | 'modern', headers: Headers): Promise<string[]> =>
    namesIn((await ask(way, 'tools/list', {}, headers)).body.result?.['tools']);
  return { ...workspace, url: server.url, ask, listed };
}

describe.each(['session', 'modern'] as const)('the headers of a request (%s)', (way) => {
  it.each<[Headers, readonly string[]]>([
    [{ 'x-mcp-toolsets': 'emoji' }, ['slack_read_emojis']],
    [{ 'x-mcp-tools': 'slack_find, slack_read_emojis' }, ['slack_find', 'slack_read_emojis']],
    [{ 'x-mcp-toolsets': 'emoji', 'x-mcp-tools': 'slack_find' }, ['slack_find', 'slack_read_emojis']],
    [{ 'x-mcp-toolsets': 'all', 'x-mcp-readonly': 'true' }, READING_NAMES],
    [{ 'x-mcp-readonly': 'yes' }, READING_NAMES],
    [{ 'x-mcp-readonly': 'false' }, TOOL_NAMES],
    [{ 'x-mcp-exclude-tools': 'slack_find' }, TOOL_NAMES.filter((name) => name !== 'slack_find')],
    [{ 'x-mcp-tools': 'slack_find', 'x-mcp-exclude-tools': 'slack_find' }, []],
    [{ 'x-mcp-tools': '' }, TOOL_NAMES],
  ])('%j list %j', async (headers, expected) => {
    const { listed } = await serve();
    expect(await listed(way, headers)).toEqual(expected);
    expect(await listed(way, {})).toEqual(TOOL_NAMES);
  });

  it('apply to calls, prompts and resources', async () => {
    const { ask, simulator } = await serve();
    const headers = { 'x-mcp-toolsets': 'emoji' };
    const call = (name: string) =>
      ask(way, 'tools/call', { name, arguments: { channel: 'general', text: 'x' } }, headers);
    expect((await call('slack_post_message')).body.error?.message).toMatch(
      /headers of this request.*slack_read_emojis/,
    );
    const read = { name: 'slack_read_emojis', arguments: {} };
    expect(((await ask(way, 'tools/call', read, headers)).body.result as ToolResult).isError).toBeUndefined();
    const { prompts } = (await ask(way, 'prompts/list', {}, headers)).body.result as { prompts: Named[] };
    expect(prompts.map(({ name }) => name)).toEqual(['slack_read_emojis_usage']);
    const messages = await ask(way, 'resources/read', { uri: 'slack://channels/general/messages' }, headers);
    expect(messages.body.error?.message).toContain('toolset messages, which the headers of this request exclude');
    const called = (await simulator.calls()).map(({ method }) => method);
    expect(called.filter((method) => /post|history/.test(method))).toEqual([]);
  });

  it('apply to the lists of resources, to prompts and to the instructions', async () => {
    const { ask, url } = await serve();
    const headers = { 'x-mcp-toolsets': 'messages', 'x-mcp-exclude-tools': 'slack_read_thread_messages' };
    const listed = async (method: string, member: string) =>
      namesIn((await ask(way, method, {}, headers)).body.result?.[member]);
    expect(await listed('resources/list', 'resources')).toEqual([]);
    expect(await listed('resources/templates/list', 'resourceTemplates')).toEqual([
      'channel-messages',
      'thread-messages',
      'channel',
      'user',
    ]);
    expect((await ask(way, 'resources/read', { uri: 'slack://emojis' }, headers)).body.error?.message).toContain(
      'toolset emoji, which the headers of this request exclude',
    );
    const prompt = await ask(way, 'prompts/get', { name: 'summarize-channel' }, headers);
    expect(JSON.stringify(prompt.body.result)).not.toContain('slack_read_thread_messages');
    const unknown = await ask(way, 'prompts/get', { name: 'sumarize-channel' }, headers);
    expect(unknown.body.error?.message).toMatch(/Did you mean summarize-channel\? Prompts: .*channel-digest/);
    const opening =
      way === 'modern'
        ? await ask(way, 'server/discover', {}, headers)
        : await send(`${url}/mcp`, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body: INITIALIZE });
    const { instructions } = opening.body.result as { instructions: string };
    expect(instructions).toContain('A message with replies has a thread');
    expect(instructions).not.toContain('slack_find');
  });

  it.each<[Headers, RegExp]>([
    [{ 'x-mcp-toolsets': 'editing' }, /no toolset named "editing"/],
    [{ 'x-mcp-tools': 'slack_delete_message' }, /no tool named "slack_delete_message"/],
    [{ 'x-mcp-exclude-tools': 'slack_pst_message' }, /Did you mean slack_post_message/],
  ])('never widen, and a wrong name is an error: %j', async (headers, message) => {
    const { ask } = await serve();
    for (const [method, params] of [
      ['tools/list', {}],
      ['tools/call', { name: 'slack_read_emojis', arguments: {} }],
    ] as const) {
      expect((await ask(way, method, params, headers)).body.error).toMatchObject({
        code: -32602,
        message: expect.stringMatching(message),
      });
    }
  });
});

describe('the REST endpoints', () => {
  it('use the same headers', async () => {
    const { url } = await serve();
    const headers = { 'x-mcp-tools': 'slack_read_emojis' };
    const listed = await send(`${url}/list_tools`, { headers });
    expect(JSON.parse(listed.text).tools.map(({ name }: Named) => name)).toEqual(['slack_read_emojis']);
    const body = { name: 'slack_find', arguments: { query: 'x' } };
    const json = { 'content-type': 'application/json' };
    expect((await send(`${url}/call_tool`, { method: 'POST', headers: { ...headers, ...json }, body })).status).toBe(
      404,
    );
    const wrong = await send(`${url}/list_tools`, { headers: { 'x-mcp-toolsets': 'emojis' } });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('Did you mean emoji?')]);
  });
});
