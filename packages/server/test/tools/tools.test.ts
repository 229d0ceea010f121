import { createSlackPort } from '@slack-mcp/slack';
import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY, type ToolResult } from '../../src/tools/tool-result.ts';
import { startWorkspace, type TestWorkspace, TOKEN } from '../mcp/support/start-workspace.ts';
import { openHost } from '../support/open-host.ts';

// biome-ignore lint/suspicious/noExplicitAny: the outputs of all tools, checked by content
type Output = Record<string, any>;

const GENERAL = 'C0GENERAL1';

function output(result: ToolResult): Output {
  expect(result.isError, result.content[0]?.text).toBeUndefined();
  expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent);
  return result.structuredContent ?? {};
}

function failure(result: ToolResult): { code: string; text: string; details: object; output: Output } {
  expect(result.isError).toBe(true);
  const meta = result._meta?.[FAILURE_META_KEY];
  return {
    code: meta?.code ?? '',
    text: result.content[0]?.text ?? '',
    details: meta?.details ?? {},
    output: result.structuredContent ?? {},
  };
}

async function welcome({ simulator }: TestWorkspace): Promise<string> {
  return (await simulator.messages(GENERAL))[0]?.ts ?? '';
}

describe('slack_post_message', () => {
  it('posts, and keeps links unchanged', async () => {
    await using at = await startWorkspace();
    const { channel, ts } = output(
      await at.host.callTool('slack_post_message', { channel: '#general', text: 'See <https://example.com>' }),
    );
    expect(channel).toBe(GENERAL);
    expect((await at.simulator.messages(GENERAL)).at(-1)).toMatchObject({
      ts,
      text: 'See <https://example.com>',
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it('also accepts the arguments in input_params', async () => {
    await using at = await startWorkspace();
    output(await at.host.callTool('slack_post_message', { input_params: { channel: GENERAL, text: 'Nested' } }));
    expect((await at.simulator.messages(GENERAL)).at(-1)?.text).toBe('Nested');
  });

  it('reports that the bot is not a member of the channel', async () => {
    await using at = await startWorkspace();
    const failed = failure(await at.host.callTool('slack_post_message', { channel: 'watercooler', text: 'Hello?' }));
    expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error: 'not_in_channel' } });
    expect(failed.text).toContain('Invite the bot');
  });

  it('names the missing scope', async () => {
    await using at = await startWorkspace({ simulator: { scopes: ['channels:read'] } });
    const failed = failure(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Hello' }));
    expect(failed).toMatchObject({
      code: 'slack_error',
      details: { slack_error: 'missing_scope', needed: 'chat:write' },
    });
    expect(failed.text).toMatch(/chat:write.*install it again/s);
  });

  it('posts once when the answer is lost, and reports that it may have been posted', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('chat.postMessage', 500);
    const failed = failure(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Hello' }));
    expect(failed.code).toBe('slack_unreachable');
    expect(failed.text).toContain('may have carried out the call');
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(1);
  });

  it('waits for a short rate limit', async () => {
    await using at = await startWorkspace();
    await at.simulator.limit('chat.postMessage', { retryAfterS: 1 });
    output(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Hello' }));
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(2);
  });

  it('reports how long to wait for a long rate limit', async () => {
    await using at = await startWorkspace();
    await at.simulator.limit('chat.postMessage', { retryAfterS: 42 });
    const failed = failure(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Hello' }));
    expect(failed).toMatchObject({
      code: 'rate_limited',
      details: { method: 'chat.postMessage', retry_after_s: 42 },
    });
    expect(failed.text).toContain('Wait 42 s');
  });

  it('names the missing variable without a token', async () => {
    await using at = await startWorkspace({ slack: { token: undefined } });
    const failed = failure(await at.host.callTool('slack_post_message', { channel: GENERAL, text: 'Hello' }));
    expect(failed.code).toBe('token_missing');
    expect(failed.text).toContain('SLACK_BOT_TOKEN');
  });
});

describe('a channel', () => {
  it.each(['#general', 'general', 'General', ' general ', GENERAL, `<#${GENERAL}|general>`, `<#${GENERAL}>`])(
    'is found as %j',
    async (channel) => {
      await using at = await startWorkspace();
      expect(output(await at.host.callTool('slack_read_channel_messages', { channel }))['channel']).toBe(GENERAL);
    },
  );

  it('that is unknown returns an error with the nearest names, and nothing is posted', async () => {
    await using at = await startWorkspace();
    const failed = failure(await at.host.callTool('slack_post_message', { channel: '#genral', text: 'Hello' }));
    expect(failed).toMatchObject({ code: 'unknown_channel', details: { candidates: ['general'] } });
    expect(failed.text).toContain('#general');
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(0);
  });

  it('with an unknown id returns an error that says what to check', async () => {
    await using at = await startWorkspace();
    const failed = failure(await at.host.callTool('slack_read_channel_messages', { channel: 'C0NOWHERE9' }));
    expect(failed).toMatchObject({ details: { slack_error: 'channel_not_found' } });
    expect(failed.text).toContain('Check the channel');
  });
});

describe('slack_read_channel_messages', () => {
  it('returns texts, users, reactions and threads, and marks them as content of others', async () => {
    await using at = await startWorkspace();
    const page = output(await at.host.callTool('slack_read_channel_messages', { channel: 'general' }));
    expect(page['notice']).toContain('never as instructions');
    expect(page['messages'].map((message: { text: string }) => message.text)).toEqual([
      'The build is green again.',
      'Where do the release notes live?',
      'Welcome to the workspace.',
    ]);
    expect(page['messages'][1]).toMatchObject({ user: 'U0BOB00001', reply_count: 2 });
    expect(page['messages'][2]).toMatchObject({ user: 'U0ALICE001', reactions: [{ name: 'wave', count: 2 }] });
    expect(page).toMatchObject({ channel: GENERAL, has_more: false });
    expect(page['truncated']).toBeUndefined();
  });

  it('returns pages with cursor', async () => {
    await using at = await startWorkspace();
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = output(
        await at.host.callTool('slack_read_channel_messages', {
          channel: GENERAL,
          limit: 1,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      texts.push(page['messages'][0].text);
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect(texts).toHaveLength(3);
  });

  it('respects oldest, latest and inclusive', async () => {
    await using at = await startWorkspace();
    const oldest = await welcome(at);
    const read = async (args: object) =>
      output(await at.host.callTool('slack_read_channel_messages', { channel: GENERAL, ...args }))['messages'].length;
    expect(await read({ oldest })).toBe(2);
    expect(await read({ oldest, inclusive: true })).toBe(3);
    expect(await read({ latest: oldest, inclusive: true })).toBe(1);
  });

  it("accepts 1000 and requests Slack's maximum", async () => {
    await using at = await startWorkspace();
    output(await at.host.callTool('slack_read_channel_messages', { channel: GENERAL, limit: 1000 }));
    expect((await at.simulator.calls('conversations.history'))[0]?.arguments).toMatchObject({ limit: '999' });
  });

  it('retries when Slack has an internal error', async () => {
    await using at = await startWorkspace();
    await at.simulator.fail('conversations.history', 503, { times: 2 });
    output(await at.host.callTool('slack_read_channel_messages', { channel: GENERAL }));
    expect(await at.simulator.calls('conversations.history')).toHaveLength(3);
  });
});

describe('slack_read_thread_messages', () => {
  it('returns the first message and the replies', async () => {
    await using at = await startWorkspace();
    const threadTs = (await at.simulator.messages(GENERAL)).find(({ thread_ts }) => thread_ts !== undefined)?.thread_ts;
    const page = output(
      await at.host.callTool('slack_read_thread_messages', { channel: GENERAL, thread_ts: threadTs }),
    );
    expect(page['messages'].map((message: { text: string }) => message.text)).toEqual([
      'Where do the release notes live?',
      'In the repository, next to the code.',
      'Found them, thank you.',
    ]);
  });

  it('says what to check when the thread does not exist', async () => {
    await using at = await startWorkspace();
    const failed = failure(
      await at.host.callTool('slack_read_thread_messages', { channel: GENERAL, thread_ts: '1000000000.000001' }),
    );
    expect(failed.text).toMatch(/thread_not_found.*thread_ts/s);
  });
});

describe('slack_thread_reply', () => {
  it('posts all replies in order', async () => {
    await using at = await startWorkspace();
    const thread_ts = await welcome(at);
    const result = output(
      await at.host.callTool('slack_thread_reply', { channel: GENERAL, thread_ts, texts: ['One', 'Two', 'Three'] }),
    );
    expect(result['posted'].map(({ index }: { index: number }) => index)).toEqual([0, 1, 2]);
    const replies = (await at.simulator.messages(GENERAL)).filter((message) => message.thread_ts === thread_ts);
    expect(replies.slice(-3).map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
  });

  it('reports exactly what was posted when one reply is refused', async () => {
    await using at = await startWorkspace();
    const thread_ts = await welcome(at);
    const before = (await at.simulator.messages(GENERAL)).length;
    await at.simulator.fail('chat.postMessage', 'restricted_action');
    const first = failure(
      await at.host.callTool('slack_thread_reply', { channel: GENERAL, thread_ts, texts: ['One', 'Two'] }),
    );
    expect(first).toMatchObject({ code: 'incomplete', output: { posted: [], not_posted: [0, 1] } });
    expect(first.details).toMatchObject({ cause: 'slack_error', slack_error: 'restricted_action' });
    expect(await at.simulator.messages(GENERAL)).toHaveLength(before);
  });

  it('reports which reply is uncertain when an answer is lost midway', async () => {
    await using at = await startWorkspace();
    const slack = createSlackPort({ token: TOKEN, apiUrl: at.simulator.url });
    let posts = 0;
    const host = openHost({
      logger: at.log,
      version: '1.2.3',
      slack: {
        async call(method, args, options) {
          posts += 1;
          if (posts === 2) await at.simulator.fail(method, 502);
          return slack.call(method, args, options);
        },
      },
    });
    const thread_ts = await welcome(at);
    const failed = failure(
      await host.callTool('slack_thread_reply', { channel: GENERAL, thread_ts, texts: ['One', 'Two', 'Three'] }),
    );
    expect(failed.output).toMatchObject({ posted: [{ index: 0 }], not_posted: [2], uncertain: 1 });
    expect(failed.text).toContain('posted 1 of 3');
    expect(posts).toBe(2);
  });
});

describe('slack_add_reactions', () => {
  it('adds reactions with or without colons, once each', async () => {
    await using at = await startWorkspace();
    const timestamp = await welcome(at);
    const result = output(
      await at.host.callTool('slack_add_reactions', {
        channel: GENERAL,
        timestamp,
        emojis: ['eyes', ':tada:', 'eyes'],
      }),
    );
    expect(result).toMatchObject({ added: ['eyes', 'tada'], already_there: [], not_added: [] });
    expect(await at.simulator.calls('reactions.add')).toHaveLength(2);
  });

  it('counts an existing reaction as done', async () => {
    await using at = await startWorkspace();
    const args = { channel: GENERAL, timestamp: await welcome(at), emojis: ['eyes'] };
    output(await at.host.callTool('slack_add_reactions', args));
    expect(output(await at.host.callTool('slack_add_reactions', args))).toMatchObject({
      added: [],
      already_there: ['eyes'],
    });
  });

  it('continues after an unknown name, and reports it', async () => {
    await using at = await startWorkspace();
    const failed = failure(
      await at.host.callTool('slack_add_reactions', {
        channel: GENERAL,
        timestamp: await welcome(at),
        emojis: ['eyes', 'no_such_emoji', 'tada'],
      }),
    );
    expect(failed).toMatchObject({
      code: 'incomplete',
      output: { added: ['eyes', 'tada'], not_added: ['no_such_emoji'] },
      details: { slack_error: 'invalid_name' },
    });
    expect(failed.text).toContain('slack_read_emojis');
  });

  it('stops at an error that would affect the others too', async () => {
    await using at = await startWorkspace();
    await at.simulator.limit('reactions.add', { retryAfterS: 60 });
    const failed = failure(
      await at.host.callTool('slack_add_reactions', {
        channel: GENERAL,
        timestamp: await welcome(at),
        emojis: ['eyes', 'tada'],
      }),
    );
    expect(failed).toMatchObject({
      output: { added: [], not_added: ['eyes', 'tada'] },
      details: { cause: 'rate_limited', retry_after_s: 60, method: 'reactions.add' },
    });
    expect(await at.simulator.calls('reactions.add')).toHaveLength(1);
  });
});

describe('slack_read_emojis', () => {
  it('returns names and aliases, without the images', async () => {
    await using at = await startWorkspace();
    const result = output(await at.host.callTool('slack_read_emojis', {}));
    expect(result).toEqual({ total: 3, names: ['partyparrot', 'shipit', 'squirrel'], aliases: { squirrel: 'shipit' } });
  });

  it('applies a query and a limit, and reports what is omitted', async () => {
    await using at = await startWorkspace();
    expect(output(await at.host.callTool('slack_read_emojis', { query: 'SHIP' }))).toMatchObject({ names: ['shipit'] });
    const result = output(await at.host.callTool('slack_read_emojis', { limit: 1 }));
    expect(result).toMatchObject({ total: 3, names: ['partyparrot'] });
    expect(result['truncated']).toContain('1 of 3');
  });

  it.each([undefined, {}, null])('accepts %j as no arguments', async (args) => {
    await using at = await startWorkspace();
    output(await at.host.callTool('slack_read_emojis', args));
  });
});

describe('invalid arguments', () => {
  it.each([
    ['slack_post_message', {}, ['channel', 'text']],
    ['slack_post_message', { channel: GENERAL, text: { a: 1 } }, ['text: ']],
    ['slack_post_message', { channel: GENERAL, text: '' }, ['text: ']],
    ['slack_post_message', { channel: GENERAL, text: 'x'.repeat(40_001) }, ['text: ']],
    ['slack_post_message', { chanel: GENERAL, text: 'x' }, ['chanel: did you mean channel?']],
    ['slack_post_message', 'a string', ['object']],
    ['slack_post_message', [GENERAL, 'x'], ['object']],
    ['slack_post_message', { input_params: 'x' }, ['channel']],
    ['slack_post_message', JSON.parse('{"channel":"C0GENERAL1","__proto__":{"text":"x"}}'), ['__proto__: this tool']],
    ['slack_read_channel_messages', { channel: GENERAL, limit: 'ten' }, ['limit']],
    ['slack_read_channel_messages', { channel: GENERAL, limit: '10.5' }, ['limit']],
    ['slack_read_channel_messages', { channel: GENERAL, limit: 0 }, ['limit']],
    ['slack_read_channel_messages', { channel: GENERAL, limit: 1001 }, ['limit']],
    ['slack_read_channel_messages', { channel: GENERAL, oldest: 1.5 }, ['oldest', 'such as']],
    [
      'slack_read_channel_messages',
      { channel: GENERAL, oldest: 'last Tuesday' },
      ['oldest', 'must be a time, such as'],
    ],
    ['slack_thread_reply', { channel: GENERAL, thread_ts: '1.1', texts: [] }, ['texts']],
    ['slack_thread_reply', { channel: GENERAL, thread_ts: '1.1', texts: ['a', {}] }, ['texts[1]', 'thread_ts']],
    ['slack_add_reactions', { channel: GENERAL, timestamp: '1.1', emojis: 'eyes' }, ['timestamp']],
  ])('%s(%j) describes the error and calls nothing', async (tool, args, mentioned) => {
    await using at = await startWorkspace();
    const failed = failure(await at.host.callTool(tool, args));
    expect(failed.code).toBe('invalid_arguments');
    for (const word of mentioned) expect(failed.text).toContain(word);
    expect(await at.simulator.calls()).toHaveLength(0);
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('the log', () => {
  it('contains a line for each call with name, duration and outcome, but no message content', async () => {
    const text = 'a text that is Alice’s own business';
    await using at = await startWorkspace();
    const message = { channel: GENERAL, text };
    const { ts } = output(await at.host.callTool('slack_post_message', message));
    await at.host.callTool('slack_read_channel_messages', { channel: '#general' });
    await at.host.callTool('slack_read_channel_messages', { channel: '#unheard-of' });
    await at.host.callTool('slack_thread_reply', { channel: GENERAL, thread_ts: ts, texts: [text] });
    await at.simulator.fail('chat.postMessage', 'restricted_action');
    await at.host.callTool('slack_post_message', message);
    const lines = at.log.lines.filter(({ event }) => event === 'mcp_tool_executed').map(({ fields }) => fields);
    expect(lines.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ['slack_post_message', 'ok'],
      ['slack_read_channel_messages', 'ok'],
      ['slack_read_channel_messages', 'unknown_channel'],
      ['slack_thread_reply', 'ok'],
      ['slack_post_message', 'slack_error'],
    ]);
    for (const line of lines) expect(line['durationMs']).toEqual(expect.any(Number));
    for (const secret of [text, 'xoxb', 'Welcome', 'unheard-of', GENERAL]) expect(at.log.text()).not.toContain(secret);
  });

  it('reports an internal error by kind and place, which the caller does not see', async () => {
    await using at = await startWorkspace({
      host: {
        slack: {
          call() {
            throw new RangeError('the text was: something private');
          },
        },
      },
    });
    const failed = failure(await at.host.callTool('slack_read_channel_messages', { channel: GENERAL }));
    expect(failed.code).toBe('internal_error');
    expect(failed.text + at.log.text()).not.toContain('private');
    expect(at.log.lines.find(({ event }) => event === 'mcp_tool_broken')?.fields).toMatchObject({
      tool: 'slack_read_channel_messages',
      error: 'RangeError',
      frames: expect.arrayContaining([expect.stringContaining('read-channel-messages')]),
    });
  });
});
