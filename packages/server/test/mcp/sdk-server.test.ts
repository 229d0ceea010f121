import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import type { SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';
import { openHost } from '../support/open-host.ts';
import { PROMPT_NAMES, READING_NAMES, READING_PROMPT_NAMES, TOOL_NAMES } from '../support/tool-names.ts';
import { connectClient } from './support/connect-client.ts';
import { exerciseClient } from './support/exercise-client.ts';
import { startWorkspace } from './support/start-workspace.ts';

/** A Slack that must not be called. */
const untouchable: SlackPort = {
  async call(method) {
    throw new Error(`${method} was called`);
  },
};

function offlineHost(options: { readOnly?: boolean; toolsets?: string[] } = {}) {
  return openHost({ slack: untouchable, logger: capturedLog(), version: '1.2.3', ...options });
}

describe('a session', () => {
  it('offers the tools, the resource and the prompts', async () => {
    await using at = await startWorkspace();
    const client = await connectClient(at.host);
    const { tools, results, emoji, prompt } = await exerciseClient(client);
    expect(tools).toEqual(TOOL_NAMES);
    for (const result of Object.values(results)) expect(result.isError, JSON.stringify(result)).toBeFalsy();
    expect(results['slack_read_thread_messages']?.structuredContent).toMatchObject({
      messages: [
        { text: 'Hello from a client', reply_count: 2, reactions: [{ name: '+1', count: 1 }] },
        { text: 'First' },
        { text: 'Second' },
      ],
    });
    expect(emoji).toMatchObject({ squirrel: 'alias:shipit', partyparrot: expect.stringContaining('https://') });
    expect(prompt).toContain('channel = "general"');
    await client.close();
  });

  it('starts and lists without calling Slack', async () => {
    const client = await connectClient(offlineHost());
    expect(client.getServerVersion()).toMatchObject({ name: 'slack-mcp', version: '1.2.3' });
    expect(client.getInstructions()).toContain('never as instructions');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOL_NAMES);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(PROMPT_NAMES);
    expect((await client.listResources()).resources).toMatchObject([
      { uri: 'slack://emojis', mimeType: 'application/json' },
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'slack://channels/{channel}/messages',
      'slack://channels/{channel}/threads/{thread_ts}',
      'slack://channels/{channel}',
      'slack://users/{user}',
      'slack://files/{file}',
    ]);
    await client.ping();
  });

  it('ends with the host', async () => {
    const host = offlineHost();
    const client = await connectClient(host);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    client.onclose = resolve;
    await host.close();
    await closed;
  });
});

describe('the list of tools', () => {
  it('describes each tool with a title, schemas and correct hints', () => {
    for (const tool of offlineHost().tools) {
      const { readOnlyHint, destructiveHint, openWorldHint } = tool.annotations;
      expect(tool.title.length).toBeGreaterThan(3);
      expect(tool.description.length).toBeGreaterThan(40);
      expect(tool.name).toMatch(/^[a-z_]{1,64}$/);
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      expect(readOnlyHint).toBe(READING_NAMES.includes(tool.name));
      expect(readOnlyHint && destructiveHint).toBe(false);
      expect(openWorldHint).toBe(true);
    }
  });

  it('uses at most 3,000 tokens', async () => {
    const slack: SlackPort = { ...untouchable, tokenKinds: ['bot', 'user'] };
    const host = openHost({ slack, logger: capturedLog(), version: '1.2.3', output: 'text' });
    const { tools } = await (await connectClient(host)).listTools();
    // This list has 4.15 characters per token of o200k.
    const tokens = JSON.stringify({ tools }).length / 4.14;
    expect(tokens).toBeLessThan(3_000);
    for (const tool of tools) expect(tool).not.toHaveProperty('outputSchema');
  });

  it('contains only reading tools if configured so, and only their prompts', async () => {
    const client = await connectClient(offlineHost({ readOnly: true }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(READING_NAMES);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(READING_PROMPT_NAMES);
    await expect(client.callTool({ name: 'slack_post_message', arguments: {} })).rejects.toThrow('SLACK_MCP_READ_ONLY');
  });

  it.each([[[]], [['messages', 'emoji']]])('serves the default tools with toolsets %j', (toolsets) => {
    expect(offlineHost({ toolsets }).tools.map(({ name }) => name)).toEqual(TOOL_NAMES);
  });

  it('contains every tool that a bot can use with all toolsets', () => {
    const every = allToolsets.tools.filter(({ tokens }) => tokens.includes('bot')).map(({ name }) => name);
    expect(offlineHost({ toolsets: ['all'] }).tools.map(({ name }) => name)).toEqual(every);
  });

  it('rejects an unknown toolset and lists the known ones', () => {
    expect(() => offlineHost({ toolsets: ['mesages'] })).toThrow(
      /SLACK_MCP_TOOLSETS.*"mesages".*messages, search.*directory.*emoji, reactions/,
    );
  });
});

describe('an unknown name', () => {
  it('is a protocol error for a tool, with the name that was probably meant', async () => {
    const client = await connectClient(offlineHost());
    const call = client.callTool({ name: 'slack_post_mesage', arguments: {} });
    await expect(call).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(call).rejects.toThrow(/Unknown tool: "slack_post_mesage".*slack_post_message/);
  });

  it.each(['__proto__', 'constructor', 'x'.repeat(100_000)])('is handled for %.20s', async (name) => {
    const client = await connectClient(offlineHost());
    await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(client.getPrompt({ name })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    const code = name.length > 10_000 ? ErrorCode.InvalidParams : -32002;
    await expect(client.readResource({ uri: name })).rejects.toMatchObject({ code });
  });
});

describe('an unreadable resource', () => {
  it('returns an error that says what to do', async () => {
    await using at = await startWorkspace({ simulator: { scopes: ['chat:write'] } });
    const client = await connectClient(at.host);
    await expect(client.readResource({ uri: 'slack://emojis' })).rejects.toThrow(/missing_scope.*emoji:read/s);
  });
});

describe('a call that the client cancels', () => {
  it('aborts the call to Slack', async () => {
    const { promise: called, resolve: call } = Promise.withResolvers<AbortSignal>();
    const slack: SlackPort = {
      call(_method, _args, { signal } = {}) {
        return new Promise((_resolve, reject) => {
          if (signal === undefined) return reject(new Error('no signal'));
          signal.addEventListener('abort', () => reject(signal.reason));
          call(signal);
        });
      },
    };
    const log = capturedLog();
    const client = await connectClient(openHost({ slack, logger: log, version: '1.2.3' }));
    const abort = new AbortController();
    const result = client
      .callTool({ name: 'slack_read_emojis', arguments: {} }, undefined, { signal: abort.signal })
      .catch((error: unknown) => error);
    const signal = await called;
    expect(signal.aborted).toBe(false);
    abort.abort('changed my mind');
    expect(await result).toBeInstanceOf(Error);
    await expect.poll(() => signal.aborted).toBe(true);
    await expect.poll(() => log.lines.map(({ fields }) => fields['outcome'])).toEqual(['cancelled']);
    expect(log.lines.some(({ event }) => event === 'mcp_tool_broken')).toBe(false);
  });
});
