import { createSlackPort } from '@slack-mcp/slack';
import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY, type ToolResult } from '../../../src/tools/tool-result.ts';
import { allToolsets } from '../../../src/tools/toolsets/all-toolsets.ts';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace, TOKEN } from '../../mcp/support/start-workspace.ts';
import { openHost, type TestHostOptions } from '../../support/open-host.ts';
import { leastArguments, propertiesOf } from '../support/example-arguments.ts';

const [GENERAL, PARTNER, LEADS, ALICE] = ['C0GENERAL1', 'C0PARTNER1', 'C0PRIVATE1', 'D0ALICE001'] as const;

type Limits = Partial<TestHostOptions>;

const post = (at: TestWorkspace, channel: string, more: object = {}) =>
  at.host.callTool('slack_post_message', { channel, text: 'Hello', ...more });
const read = (at: TestWorkspace, channel: string) => at.host.callTool('slack_read_channel_messages', { channel });

function code(result: ToolResult): string {
  return result._meta?.[FAILURE_META_KEY].code ?? 'ok';
}

function setting(result: ToolResult): unknown {
  const { code: failure, details } = result._meta?.[FAILURE_META_KEY] ?? {};
  expect(result.isError).toBe(true);
  expect(failure).toBe('not_allowed');
  expect(result.content[0]?.text).toContain(String(details?.['setting']));
  return details?.['setting'];
}

const withChannel = allToolsets.tools
  .filter((tool) => 'channel' in propertiesOf(tool))
  .map((tool) => {
    const rule = tool.annotations.readOnlyHint ? 'SLACK_MCP_READ_CHANNELS' : 'SLACK_MCP_WRITE_CHANNELS';
    return [tool.name, leastArguments(tool), rule] as const;
  });

describe('every tool with a channel argument', () => {
  it.each(withChannel)('%s respects the lists', async (tool, args, expected) => {
    const host = { toolsets: ['all'], readChannels: ['!*'], writeChannels: ['!*'] };
    await using at = await startWorkspace({ ...BOTH_TOKENS, host });
    for (const reference of ['general', '#general', GENERAL, `<#${GENERAL}|general>`, ALICE]) {
      expect(setting(await at.host.callTool(tool, { ...args, channel: reference }))).toBe(expected);
    }
    const asked = new Set((await at.simulator.calls()).map(({ method }) => method));
    expect([...asked].filter((method) => !['conversations.list', 'conversations.info'].includes(method))).toEqual([]);
  });
});

describe('lists of channels', () => {
  it('apply by name to a channel given by id, and by id to a channel given by name', async () => {
    const host: Limits = { writeChannels: ['general', LEADS], readChannels: ['!leads'] };
    await using at = await startWorkspace({ host });
    expect(code(await post(at, GENERAL))).toBe('ok');
    expect(code(await post(at, 'leads'))).toBe('ok');
    expect(setting(await post(at, 'random'))).toBe('SLACK_MCP_WRITE_CHANNELS');
    expect(setting(await post(at, 'C0RANDOM01'))).toBe('SLACK_MCP_WRITE_CHANNELS');
    expect(setting(await read(at, LEADS))).toBe('SLACK_MCP_READ_CHANNELS');
    expect(code(await read(at, GENERAL))).toBe('ok');
  });

  it('need no call to Slack if they contain only ids', async () => {
    await using at = await startWorkspace({
      host: { writeChannels: [GENERAL] },
      simulator: { scopes: ['chat:write'] },
    });
    expect(code(await post(at, GENERAL))).toBe('ok');
    expect(setting(await post(at, LEADS))).toBe('SLACK_MCP_WRITE_CHANNELS');
    expect(await at.simulator.calls('conversations.info')).toHaveLength(0);
  });

  it('allow nothing if Slack does not return the properties of a channel', async () => {
    await using at = await startWorkspace({
      host: { writeChannels: ['!leads'] },
      simulator: { scopes: ['chat:write'] },
    });
    expect((await post(at, LEADS)).isError).toBe(true);
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(0);
  });

  it('cover direct messages, also by the name of the user', async () => {
    await using at = await startWorkspace({ host: { writeChannels: ['@dm'] } });
    expect(code(await post(at, ALICE))).toBe('ok');
    expect(code(await post(at, '@alice'))).toBe('ok');
    expect((await at.simulator.messages(ALICE)).map(({ text }) => text)).toEqual(['Hello', 'Hello']);
    expect(setting(await post(at, 'general'))).toBe('SLACK_MCP_WRITE_CHANNELS');
  });
});

describe('a channel shared with another organization', () => {
  it.each([
    ['allow', 'ok', 'ok'],
    ['read', 'ok', 'not_allowed'],
    ['deny', 'not_allowed', 'not_allowed'],
  ] as const)('with %s: read %s, write %s', async (externalChannels, reads, writes) => {
    await using at = await startWorkspace({ host: { externalChannels } });
    for (const channel of [PARTNER, 'ext-partner']) {
      expect(code(await read(at, channel))).toBe(reads);
      expect(code(await post(at, channel))).toBe(writes);
    }
    expect(code(await post(at, GENERAL))).toBe('ok');
    expect(code(await post(at, ALICE))).toBe('ok');
  });
});

describe('mentions of a whole channel', () => {
  it('are neutralized by default, and the result says so', async () => {
    await using at = await startWorkspace();
    const result = await post(at, GENERAL, { text: '<!channel> the build is red' });
    expect(result.structuredContent?.['notice']).toContain('SLACK_MCP_ALLOW_BROADCAST');
    expect((await at.simulator.messages(GENERAL)).at(-1)?.text).toBe('@\u2060channel the build is red');
  });

  it('are kept if allowed', async () => {
    await using at = await startWorkspace({ host: { allowBroadcast: true } });
    const result = await post(at, GENERAL, { text: '<!channel> the build is red' });
    expect(result.structuredContent).not.toHaveProperty('notice');
    expect((await at.simulator.messages(GENERAL)).at(-1)?.text).toBe('<!channel> the build is red');
  });
});

describe('an idempotency key', () => {
  it('posts once, no matter how often and when it is used', async () => {
    await using at = await startWorkspace();
    const args = { idempotency_key: 'deploy-42' };
    const together = await Promise.all(Array.from({ length: 10 }, () => post(at, GENERAL, args)));
    const later = await post(at, '#general', args);
    const stamps = [...together, later].map(({ structuredContent }) => structuredContent?.['ts']);
    expect(new Set(stamps).size).toBe(1);
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(1);
    expect(code(await post(at, GENERAL, { ...args, text: 'Another' }))).toBe('idempotency_key_reused');
  });

  it('does not post again after a lost answer', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('chat.postMessage', 500);
    const args = { idempotency_key: 'deploy-42' };
    expect(code(await post(at, GENERAL, args))).toBe('slack_unreachable');
    expect(code(await post(at, GENERAL, args))).toBe('idempotency_uncertain');
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(1);
  });

  it('allows replies to be repeated until all are posted, each once', async () => {
    await using at = await startWorkspace();
    const slack = createSlackPort({ token: TOKEN, apiUrl: at.simulator.url });
    let posts = 0;
    const host = openHost({
      logger: at.log,
      version: '1.2.3',
      slack: {
        async call(method, args, options) {
          posts += 1;
          if (posts === 2) await at.simulator.fail(method, 'restricted_action');
          return slack.call(method, args, options);
        },
      },
    });
    const thread_ts = (await at.simulator.messages(GENERAL))[0]?.ts;
    const args = { channel: GENERAL, thread_ts, texts: ['One', 'Two', 'Three'], idempotency_key: 'k' };
    const first = await host.callTool('slack_thread_reply', args);
    expect(first.structuredContent).toMatchObject({ posted: [{ index: 0 }], not_posted: [1, 2] });
    const second = await host.callTool('slack_thread_reply', args);
    expect(second.structuredContent).toMatchObject({ posted: [{ index: 0 }, { index: 1 }, { index: 2 }] });
    const replies = (await at.simulator.messages(GENERAL)).filter((message) => message.thread_ts === thread_ts);
    expect(replies.slice(-3).map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
    await host.close();
  });
});

describe('a scope that the token lacks', () => {
  it('is reported without a call to Slack, with its name and where to add it', async () => {
    await using at = await startWorkspace({ simulator: { scopes: ['emoji:read', 'channels:read'] } });
    expect(code(await at.host.callTool('slack_read_emojis', {}))).toBe('ok');
    const failed = await post(at, GENERAL);
    expect(code(failed)).toBe('missing_scope');
    expect(failed.content[0]?.text).toMatch(/chat:write.*oauth_config\.scopes\.bot/s);
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(0);
    const history = await read(at, GENERAL);
    expect(history.content[0]?.text).toContain('channels:history or groups:history');
  });
});
