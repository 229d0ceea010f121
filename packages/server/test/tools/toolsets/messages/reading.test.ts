import type { JsonObject } from '@slack-mcp/core';
import { SlackApiError, type SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ToolResult } from '../../../../src/tools/tool-result.ts';
import { startWorkspace } from '../../../mcp/support/start-workspace.ts';
import { openHost } from '../../../support/open-host.ts';

const CHANNEL = 'C0GENERAL1';
const tsOf = (index: number): string => `17000${String(index).padStart(5, '0')}.000100`;

/** A Slack with these messages in a channel or a thread, newest last, which pages its answers as Slack does. */
function slackWith(messages: readonly JsonObject[], { most = 999 }: { most?: number } = {}) {
  const calls: { method: string; args: Record<string, unknown> }[] = [];
  const slack = {
    async call(method: string, args: Record<string, unknown> = {}) {
      calls.push({ method, args });
      if (method === 'users.info') throw new SlackApiError(method, 'missing_scope', { needed: 'users:read' });
      if (method !== 'conversations.history' && method !== 'conversations.replies') return { ok: true };
      const { oldest = '0', latest = '9999999999', limit = 100, cursor = '0', ts } = args as Record<string, string>;
      const inWindow = messages.filter((message) => {
        const at = String(message['ts']);
        return at === ts || (at > (oldest ?? '0') && at < (latest ?? '9'));
      });
      const ordered = method === 'conversations.history' ? inWindow.toReversed() : inWindow;
      const start = Number(cursor);
      const end = start + Math.min(Number(limit), most);
      const next = end < ordered.length ? String(end) : '';
      const page = ordered.slice(start, end);
      return { ok: true, messages: page, has_more: next !== '', response_metadata: { next_cursor: next } };
    },
  } as unknown as SlackPort;
  const host = openHost({ slack, logger: capturedLog(), version: '1' });
  onTestFinished(() => host.close());
  return { host, calls };
}

type Page = { messages: { ts: string; text: string }[]; has_more: boolean; next_cursor?: string; truncated?: string };
const pageOf = (result: ToolResult): Page => {
  expect(result.isError, JSON.stringify(result.content)).toBeUndefined();
  return result.structuredContent as unknown as Page;
};

describe('an answer', () => {
  it.each([
    ['100 messages of 1,020 characters', 100, 'x'.repeat(1_020)],
    ['1,000 short messages', 999, 'ok'],
    ['messages in another script', 200, '日本語のメッセージ'.repeat(40)],
    ['messages of emoji', 200, '🎉'.repeat(200)],
    ['messages that grow as JSON', 100, '"\\\n'.repeat(300)],
    ['messages of maximum length', 10, 'long '.repeat(8_000)],
  ])('fits 50,000 characters and 25,000 tokens with %s, and has a cursor to the rest', async (_name, count, text) => {
    const all = Array.from({ length: count }, (_, index) => ({
      ts: tsOf(index),
      text: `${index} ${text}`,
      user: 'U0ALICE001',
    }));
    const { host } = slackWith(all);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const args = { channel: CHANNEL, limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
      const result = await host.callTool('slack_read_channel_messages', args);
      const said = result.content[0]?.text ?? '';
      expect(said.length).toBeLessThan(50_000);
      // The maximum that a tokenizer makes of it: one token per character outside ASCII, one per two inside.
      expect(
        Buffer.from(said).filter((byte) => byte < 128).length / 2.5 +
          [...said].filter((char) => char > '\u007f').length,
      ).toBeLessThan(25_000);
      const page = pageOf(result);
      expect(page.messages.length).toBeGreaterThan(0);
      seen.push(...page.messages.map(({ ts }) => ts));
      if (page.next_cursor !== undefined) expect(page.truncated).toContain('fit into one answer');
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all.map(({ ts }) => ts).toReversed());
  });

  it('reports what was omitted from a text that is too long by itself', async () => {
    const { host } = slackWith([{ ts: tsOf(1), text: 'y'.repeat(400_000) }]);
    const page = pageOf(await host.callTool('slack_read_channel_messages', { channel: CHANNEL }));
    expect(page.messages[0]?.text).toMatch(/y… \[the first \d+ of 400000 characters\]$/);
  });
});

describe('a thread of 121 messages', () => {
  const thread = Array.from({ length: 121 }, (_, index) => ({
    ts: tsOf(index),
    thread_ts: tsOf(0),
    text: `message ${index}`,
    user: 'U0ALICE001',
  }));
  const read = async (args: object, options?: { most?: number }): Promise<Page> =>
    pageOf(
      await slackWith(thread, options).host.callTool('slack_read_thread_messages', {
        channel: CHANNEL,
        thread_ts: tsOf(0),
        ...args,
      }),
    );
  const indexes = ({ messages }: Page): number[] => messages.map(({ text }) => Number(text.split(' ')[1]));

  it('returns its first message and its newest replies', async () => {
    const page = await read({ limit: 5 });
    expect(indexes(page)).toEqual([0, 117, 118, 119, 120]);
    expect(page).toMatchObject({ has_more: true, next_cursor: `before:${tsOf(117)}` });
  });

  it('is read back to its beginning with the cursor', async () => {
    const seen = new Set<number>();
    let cursor: string | undefined;
    do {
      const page = await read({ limit: 50, ...(cursor === undefined ? {} : { cursor }) });
      for (const index of indexes(page)) seen.add(index);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen.size).toBe(121);
  });

  it('can be read in a window that ends at its newest reply', async () => {
    expect(indexes(await read({ oldest: tsOf(100), latest: tsOf(110), limit: 4 }))).toEqual([0, 107, 108, 109]);
    expect(await read({ oldest: tsOf(110) })).toMatchObject({ has_more: false });
    expect(indexes(await read({ oldest: tsOf(118) }))).toEqual([0, 119, 120]);
  });

  it('is read over several pages of Slack', async () => {
    const { host, calls } = slackWith(
      [...Array(2_500).keys()].map((index) => ({ ts: tsOf(index), text: `message ${index}` })),
    );
    const page = pageOf(
      await host.callTool('slack_read_thread_messages', { channel: CHANNEL, thread_ts: tsOf(0), limit: 3 }),
    );
    expect(indexes(page)).toEqual([0, 2_498, 2_499]);
    expect(calls.filter(({ method }) => method === 'conversations.replies')).toHaveLength(3);
  });

  it('is read forward by an app that Slack limits to 15 messages a minute', async () => {
    const page = await read({ limit: 50 }, { most: 15 });
    expect(indexes(page)).toEqual([...Array(15).keys()]);
    expect(page).toMatchObject({
      has_more: true,
      next_cursor: '15',
      truncated: expect.stringContaining('14 of the 50'),
    });
  });
});

describe('authors and times', () => {
  it('are readable, as are mentioned users', async () => {
    await using at = await startWorkspace();
    await at.simulator.postMessage('alice', 'general', 'Ask <@U0BOB00001>');
    const [newest] = pageOf(
      await at.host.callTool('slack_read_channel_messages', { channel: 'general', limit: 1 }),
    ).messages;
    expect(newest).toMatchObject({
      user: 'U0ALICE001',
      name: expect.stringMatching(/^alice/i),
      text: expect.stringMatching(/^Ask <@U0BOB00001\|bob/i),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    pageOf(await at.host.callTool('slack_read_channel_messages', { channel: 'general' }));
    const asked = (await at.simulator.calls('users.info')).map(({ arguments: { user } }) => user);
    expect(asked.length).toBe(new Set(asked).size);
  });

  it('are readable for people who were deactivated, with their entities decoded', async () => {
    const users = [{ id: 'U0LEFTUS01', name: 'Tom &amp; Jerry', deleted: true }];
    await using at = await startWorkspace({
      simulator: {
        seed: {
          users,
          channels: [{ id: CHANNEL, name: 'general', members: ['U0LEFTUS01', 'U0SIMULBOT'] }],
          userGroups: [],
        },
      },
    });
    await at.simulator.postMessage('U0LEFTUS01', CHANNEL, 'Bye');
    const page = pageOf(await at.host.callTool('slack_read_channel_messages', { channel: CHANNEL }));
    expect(page.messages[0]).toMatchObject({ user: 'U0LEFTUS01', name: 'Tom & Jerry' });
  });

  it('are omitted without the scope, without a call to Slack for each', async () => {
    const { host, calls } = slackWith([{ ts: tsOf(1), text: 'Hi', user: 'U0ALICE001' }]);
    for (let round = 0; round < 3; round += 1) {
      const page = pageOf(await host.callTool('slack_read_channel_messages', { channel: CHANNEL }));
      expect(page.messages[0]).not.toHaveProperty('name');
    }
    expect(calls.filter(({ method }) => method === 'users.info')).toHaveLength(1);
  });
});

describe('a direct message', () => {
  it.each(['@alice', 'U0ALICE001', 'D0ALICE001'])('is read as %s without being opened', async (channel) => {
    await using at = await startWorkspace();
    await at.simulator.postMessage('alice', 'D0ALICE001', 'Psst');
    const page = pageOf(await at.host.callTool('slack_read_channel_messages', { channel }));
    expect(page).toMatchObject({ channel: 'D0ALICE001', messages: [{ text: 'Psst' }] });
    expect(await at.simulator.calls('conversations.open')).toHaveLength(0);
  });

  it('that does not exist is an error that says how to start one', async () => {
    await using at = await startWorkspace();
    const result = await at.host.callTool('slack_read_channel_messages', { channel: 'U0NOWHERE9' });
    expect(result.content[0]?.text).toMatch(/There are no direct messages with U0NOWHERE9 yet/);
  });

  it('is selected by the name of a person, and a caller that asks for a channel is informed', async () => {
    await using at = await startWorkspace();
    const result = await at.host.callTool('slack_post_message', { channel: 'alice', text: 'Hi' });
    expect(result.content[0]?.text).toMatch(/@alice is a person.*Use "@alice"/s);
    expect(await at.simulator.calls('chat.postMessage')).toHaveLength(0);
  });
});

describe('a name in a text', () => {
  it.each([['hi @nobody.known', /Plain names mention no one.*@nobody\.known as <@ID>/]])(
    'that mentions no user is reported, with what to write: %s',
    async (text, notice) => {
      await using at = await startWorkspace();
      await at.host.callTool('slack_post_message', { channel: '@bob', text: 'so that names of users are known' });
      const result = await at.host.callTool('slack_post_message', { channel: 'general', text });
      expect(result.structuredContent?.['notice']).toMatch(notice);
    },
  );

  it.each(['hi <@U0ALICE001>', 'mail alice@example.com', 'npm i @here/x', '`@decorator`', 'a @ b', '@2x'])(
    'is not reported in %s',
    async (text) => {
      await using at = await startWorkspace();
      const result = await at.host.callTool('slack_post_message', { channel: 'general', text });
      expect(result.structuredContent).not.toHaveProperty('notice');
    },
  );
});
