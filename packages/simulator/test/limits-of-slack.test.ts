import { describe, expect, test } from 'vitest';
import { callDirectly, startSlack } from './slack.ts';

const channel = 'C0GENERAL1';
const words = (length: number): string => 'word '.repeat(Math.ceil(length / 5)).slice(0, length);

describe('chat.postMessage with a text above 4,000 characters', () => {
  test('posts several messages, and the response names the first', async () => {
    const { web, slack } = await startSlack();
    const posted = await web.chat.postMessage({ channel, text: words(9_000) });
    const messages = (await slack.messages('general')).slice(-3);
    expect(messages.map(({ text }) => text.length <= 4_000)).toEqual([true, true, true]);
    expect(messages.map(({ text }) => text).join(' ')).toBe(words(9_000).trimEnd());
    expect(posted.ts).toBe(messages[0]?.ts);
  });

  test.each([
    ['posts 4,000 characters as one message', 4_000, {}, 1],
    ['posts 4,001 characters as two messages', 4_001, {}, 2],
    ['longText: keep posts 4,500 characters as one message', 4_500, { longText: 'keep' }, 1],
    ['does not split a text that summarizes blocks', 4_500, { blocks: true }, 1],
  ] as const)('%s', async (_name, length, { blocks, ...behavior }: { longText?: 'keep'; blocks?: boolean }, count) => {
    const { web, slack } = await startSlack({ behavior });
    const before = (await slack.messages('general')).length;
    await web.chat.postMessage({
      channel,
      text: 'x'.repeat(length),
      ...(blocks ? { blocks: [{ type: 'divider' }] } : {}),
    });
    expect((await slack.messages('general')).length - before).toBe(count);
  });

  test('rejects with msg_too_long with longText: refuse, and cuts at 40,000 with longText: keep', async () => {
    const strict = await startSlack({ behavior: { longText: 'refuse' } });
    await expect(strict.web.chat.postMessage({ channel, text: 'x'.repeat(4_001) })).rejects.toMatchObject({
      data: { error: 'msg_too_long' },
    });
    const { web } = await startSlack({ behavior: { longText: 'keep' } });
    const { message } = await web.chat.postMessage({ channel, text: 'x'.repeat(40_001) });
    expect(message?.text).toHaveLength(40_000);
  });
});

test('chat.update accepts 4,000 characters and rejects more', async () => {
  const { web } = await startSlack();
  const { ts = '' } = await web.chat.postMessage({ channel, text: 'short' });
  expect((await web.chat.update({ channel, ts, text: 'x'.repeat(4_000) })).ok).toBe(true);
  await expect(web.chat.update({ channel, ts, text: 'x'.repeat(4_001) })).rejects.toMatchObject({
    data: { error: 'msg_too_long' },
  });
});

describe('invalid_blocks describes the error', () => {
  test("in a section of 3,001 characters, with Slack's wording", async () => {
    const { web } = await startSlack();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }];
    await expect(web.chat.postMessage({ channel, text: 'x', blocks })).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        errors: [
          'failed to match all allowed schemas [json-pointer:/blocks/0/text]',
          'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
        ],
        response_metadata: {
          messages: [
            '[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]',
            '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
          ],
        },
      },
    });
  });

  test.each([
    [
      'in a header of 151 characters',
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } },
      '/blocks/0/text/text',
    ],
    [
      'in a field of 2,001 characters',
      { type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2_001) }] },
      '/fields/0/text',
    ],
    ['in an id of 256 characters', { type: 'divider', block_id: 'x'.repeat(256) }, '/blocks/0/block_id'],
    [
      'in a section of eleven fields',
      { type: 'section', fields: Array(11).fill({ type: 'mrkdwn', text: 'x' }) },
      '/blocks/0/fields',
    ],
    ['in a block without a type', { text: 'x' }, '/blocks/0'],
    ['in a block of an unknown type', { type: 'sections' }, '/blocks/0/type'],
    ['in a section without a text', { type: 'section' }, '/blocks/0/type'],
  ])('%s', async (_name, block, pointer) => {
    const { web } = await startSlack();
    const blocks = JSON.stringify([block]);
    await expect(web.apiCall('chat.postMessage', { channel, text: 'x', blocks })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: expect.arrayContaining([expect.stringContaining(pointer)]) },
    });
  });

  test('accepts 3,000 characters per block, and limits the total of all blocks', async () => {
    const { web } = await startSlack();
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_000) } };
    expect((await web.chat.postMessage({ channel, text: 'x', blocks: [section] })).ok).toBe(true);
    await expect(web.chat.postMessage({ channel, text: 'x', blocks: Array(5).fill(section) })).rejects.toMatchObject({
      data: { error: 'msg_blocks_too_long' },
    });
  });
});

describe('conversations.history from oldest', () => {
  test('returns the page next to oldest, newest first, and pages forward', async () => {
    const { slack, web } = await startSlack();
    const { ts: oldest } = await slack.postMessage('alice', 'random', 'start');
    for (let n = 1; n <= 5; n += 1) await slack.postMessage('alice', 'random', `message ${n}`);
    const page = (cursor?: string) =>
      web.conversations.history({ channel: 'C0RANDOM01', oldest, limit: 2, ...(cursor ? { cursor } : {}) });
    const first = await page();
    expect(first.messages?.map(({ text }) => text)).toEqual(['message 2', 'message 1']);
    const second = await page(first.response_metadata?.next_cursor);
    expect(second.messages?.map(({ text }) => text)).toEqual(['message 4', 'message 3']);
  });

  test('returns the newest page with latest or pageAfterOldest: latest', async () => {
    for (const behavior of [{}, { pageAfterOldest: 'latest' as const }]) {
      const { slack, web } = await startSlack({ behavior });
      const { ts: oldest } = await slack.postMessage('alice', 'random', 'start');
      for (let n = 1; n <= 5; n += 1) await slack.postMessage('alice', 'random', `message ${n}`);
      const latest = 'pageAfterOldest' in behavior ? {} : { latest: '9999999999.000000' };
      const { messages } = await web.conversations.history({ channel: 'C0RANDOM01', oldest, limit: 2, ...latest });
      expect(messages?.map(({ text }) => text)).toEqual(['message 5', 'message 4']);
    }
  });
});

test('missing_scope names the scope of classic apps for chat.postMessage, the own scope for others', async () => {
  const missing = async (behavior: { missingPostScope?: 'chat:write' }): Promise<unknown> => {
    const { web } = await startSlack({ scopes: ['users:read'], behavior });
    return web.chat.postMessage({ channel, text: 'x' }).catch((error) => error.data.needed);
  };
  expect(await missing({})).toBe('chat:write:bot');
  expect(await missing({ missingPostScope: 'chat:write' })).toBe('chat:write');
  const { web } = await startSlack({ scopes: ['users:read'] });
  await expect(web.reactions.add({ channel, timestamp: '1700000000.000100', name: 'eyes' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'reactions:write' },
  });
});

describe('text that people type', () => {
  test.each([
    ['R&D <3 a > b', 'R&amp;D &lt;3 a &gt; b'],
    ['<@U0BOB00001> in <#C0RANDOM01> & <!here>', '<@U0BOB00001> in <#C0RANDOM01> &amp; <!here>'],
    [
      'https://example.com/?a=1&b=2, or (https://example.com)',
      '<https://example.com/?a=1&amp;b=2>, or (<https://example.com>)',
    ],
    ['<https://example.com|there>', '<https://example.com|there>'],
  ])('stores %s as Slack does', async (typed, stored) => {
    const { slack } = await startSlack();
    expect((await slack.postMessage('alice', 'general', typed)).text).toBe(stored);
    const { ts } = await slack.postMessage('alice', 'general', 'x');
    await slack.editMessage('general', ts, typed);
    expect((await slack.messages('general')).at(-1)?.text).toBe(stored);
  });
});

test('combines aliases of an emoji into one reaction unless canonicalReactions is false', async () => {
  const item = { channel, timestamp: '1700000000.000100' };
  const { slack, web } = await startSlack();
  await slack.react('alice', 'general', item.timestamp, 'thumbsup');
  await web.reactions.add({ ...item, name: '+1' });
  expect((await web.reactions.get(item)).message?.reactions).toContainEqual({
    name: '+1',
    users: ['U0ALICE001', 'U0SIMULBOT'],
    count: 2,
  });
  await expect(web.reactions.add({ ...item, name: 'thumbsup' })).rejects.toMatchObject({
    data: { error: 'already_reacted' },
  });
  await web.reactions.remove({ ...item, name: 'thumbsup' });
  const other = await startSlack({ behavior: { canonicalReactions: false } });
  await other.web.reactions.add({ ...item, name: 'thumbsup' });
  await other.web.reactions.add({ ...item, name: '+1' });
  expect((await other.web.reactions.get(item)).message?.reactions).toHaveLength(3);
});

describe('lists and direct messages', () => {
  test('conversations.list accepts a limit of up to 999', async () => {
    const { web } = await startSlack();
    expect((await web.conversations.list({ limit: 999 })).ok).toBe(true);
    await expect(web.conversations.list({ limit: 1000 })).rejects.toMatchObject({ data: { error: 'invalid_limit' } });
  });

  test('conversations.open rejects a deactivated user with user_disabled', async () => {
    const { web } = await startSlack();
    await expect(web.conversations.open({ users: 'U0DELETED1' })).rejects.toMatchObject({
      data: { error: 'user_disabled' },
    });
  });

  test.each(['conversations.list', 'users.list'])(
    '%s requires team_id with the token of an organization',
    async (method) => {
      const { web } = await startSlack({ orgToken: true });
      await expect(web.apiCall(method)).rejects.toMatchObject({ data: { error: 'missing_argument', arg: 'team_id' } });
      expect((await web.apiCall(method, { team_id: 'T0SIMULATR' })).ok).toBe(true);
      const other = await startSlack();
      expect((await other.web.apiCall(method)).ok).toBe(true);
    },
  );

  test('conversations.history accepts JSON', async () => {
    const { slack } = await startSlack();
    const json = { channel, limit: 1 };
    const { body } = await callDirectly(slack.url, 'conversations.history', { token: 'xoxb-simulator', json });
    expect(body).toMatchObject({ ok: true, messages: [{}] });
  });
});

test('rejects an unknown behavior or value and names it', async () => {
  await expect(startSlack({ behavior: { longTexts: 'split' } as object })).rejects.toThrow(
    /behavior 'longTexts' does not exist/,
  );
  await expect(startSlack({ behavior: { longText: 'chop' as 'split' } })).rejects.toThrow(
    /longText must be split or refuse or keep/,
  );
});
