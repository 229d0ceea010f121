import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const channel = 'C0GENERAL1';

describe('chat.postMessage', () => {
  test('posts to a channel by id or name, and to a user', async () => {
    const { slack, web } = await startSlack();
    for (const [target, id] of [
      ['C0GENERAL1', 'C0GENERAL1'],
      ['#general', 'C0GENERAL1'],
      ['general', 'C0GENERAL1'],
      ['leads', 'C0PRIVATE1'],
      ['U0ALICE001', 'D0ALICE001'],
    ] as const) {
      const posted = await web.chat.postMessage({ channel: target, text: `to ${target}`, unfurl_links: false });
      expect(posted).toMatchObject({ ok: true, channel: id, message: { text: `to ${target}`, bot_id: 'B0SIMULATR' } });
      expect(posted.message).not.toHaveProperty('unfurl_links');
      expect(slack.workspace.message(id, posted.ts ?? '')).toMatchObject({ unfurl_links: false });
    }
    const opened = await web.chat.postMessage({ channel: 'U0CAROL001', text: 'first contact' });
    expect(opened.channel).toMatch(/^D/);
    expect((await web.conversations.open({ users: 'U0CAROL001' })).channel?.id).toBe(opened.channel);
  });

  test('returns unique, increasing timestamps', async () => {
    const { web } = await startSlack();
    const posts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => web.chat.postMessage({ channel, text: `${n}` })),
    );
    const timestamps = posts.map(({ ts }) => ts ?? '');
    expect(new Set(timestamps).size).toBe(50);
    expect(timestamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
    const history = await web.conversations.history({ channel, limit: 50 });
    const listed = history.messages?.map(({ ts }) => ts ?? '') ?? [];
    expect(listed).toEqual([...timestamps].sort().reverse());
  });

  test('replies to any message of a thread, and can also show the reply in the channel', async () => {
    const { web } = await startSlack();
    const parent = await web.chat.postMessage({ channel, text: 'parent' });
    const first = await web.chat.postMessage({ channel, text: 'one', thread_ts: parent.ts as string });
    await web.chat.postMessage({ channel, text: 'two', thread_ts: first.ts as string, reply_broadcast: true });
    const thread = await web.conversations.replies({ channel, ts: parent.ts as string });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['parent', 'one', 'two']);
    expect(thread.messages?.[0]).toMatchObject({ thread_ts: parent.ts, reply_count: 2, reply_users: ['U0SIMULBOT'] });
    expect(thread.messages?.[1]).toMatchObject({ thread_ts: parent.ts, parent_user_id: 'U0SIMULBOT' });
    const { messages } = await web.conversations.history({ channel, limit: 2 });
    expect(messages).toMatchObject([
      { text: 'two', subtype: 'thread_broadcast', root: { text: 'parent' } },
      { text: 'parent' },
    ]);
  });

  test('keeps blocks, adds a rich text block to text, and requires a scope for another name', async () => {
    const { web } = await startSlack();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi*' } }];
    expect((await web.chat.postMessage({ channel, blocks, text: 'hi' })).message?.blocks).toEqual(blocks);
    const { message } = await web.chat.postMessage({
      channel,
      text: 'see <@U0ALICE001> in <#C0RANDOM01> &amp; :tada:',
    });
    expect(message?.blocks?.[0]).toMatchObject({
      type: 'rich_text',
      elements: [
        {
          elements: [
            { type: 'text', text: 'see ' },
            { type: 'user', user_id: 'U0ALICE001' },
            { type: 'text', text: ' in ' },
            { type: 'channel', channel_id: 'C0RANDOM01' },
            { type: 'text', text: ' & ' },
            { type: 'emoji', name: 'tada' },
          ],
        },
      ],
    });
    const named = await web.chat.postMessage({ channel, text: 'hi', username: 'Deploys', icon_emoji: ':rocket:' });
    expect(named.message).toMatchObject({ subtype: 'bot_message', username: 'Deploys' });
    const limited = await startSlack({ scopes: ['chat:write'] });
    await expect(limited.web.chat.postMessage({ channel, text: 'hi', username: 'Deploys' })).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write.customize' },
    });
  });

  test.each([
    ['no_text', {}],
    ['no_text', { text: '' }],
    ['no_text', { blocks: '[]' }],
    ['invalid_blocks_format', { blocks: '{not json' }],
    ['invalid_blocks', { blocks: JSON.stringify(Array.from({ length: 51 }, () => ({ type: 'divider' }))) }],
    ['markdown_text_conflict', { text: 'a', markdown_text: 'b' }],
    ['channel_not_found', { channel: 'C0NOSUCH00', text: 'hi' }],
    ['channel_not_found', { channel: '#nowhere', text: 'hi' }],
    ['channel_not_found', { channel: 'U0DELETED1', text: 'hi' }],
    ['is_archived', { channel: 'C0ARCHIVE1', text: 'hi' }],
    ['not_in_channel', { channel: 'C0OUTSIDE1', text: 'hi' }],
    ['invalid_thread_ts', { text: 'hi', thread_ts: 'yesterday' }],
  ])('rejects with %s', async (error, args) => {
    const { slack, web } = await startSlack();
    const before = await slack.state();
    await expect(web.apiCall('chat.postMessage', { channel, ...args })).rejects.toMatchObject({ data: { error } });
    expect(await slack.state()).toEqual(before);
  });

  test('posts to a channel without the bot if it has chat:write.public', async () => {
    const { web } = await startSlack({ scopes: ['chat:write', 'chat:write.public'] });
    expect((await web.chat.postMessage({ channel: 'C0OUTSIDE1', text: 'hi' })).ok).toBe(true);
  });
});

describe('chat.update and chat.delete', () => {
  test("edit and delete the bot's messages", async () => {
    const { web } = await startSlack();
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'first' });
    expect(await web.chat.update({ channel, ts, text: 'second' })).toMatchObject({
      channel,
      ts,
      text: 'second',
      message: { edited: { user: 'U0SIMULBOT' } },
    });
    expect(await web.chat.delete({ channel, ts })).toMatchObject({ ok: true, channel, ts });
    await expect(web.chat.delete({ channel, ts })).rejects.toMatchObject({ data: { error: 'message_not_found' } });
    await expect(web.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject({
      data: { error: 'message_not_found' },
    });
  });

  test('reject messages of other users', async () => {
    const { web } = await startSlack();
    const ts = '1700000000.000100';
    await expect(web.chat.update({ channel, ts, text: 'x' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    await expect(web.chat.delete({ channel, ts })).rejects.toMatchObject({ data: { error: 'cant_delete_message' } });
  });

  test('leave a tombstone for the parent of a thread', async () => {
    const { web } = await startSlack();
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'parent' });
    await web.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
    await web.chat.delete({ channel, ts });
    const { messages } = await web.conversations.replies({ channel, ts });
    expect(messages).toMatchObject([{ subtype: 'tombstone', user: 'USLACKBOT' }, { text: 'reply' }]);
  });
});

test('chat.postEphemeral shows a message to one member and stores it in no history', async () => {
  const { slack, web } = await startSlack();
  const shown = await web.chat.postEphemeral({ channel, user: 'U0ALICE001', text: 'psst' });
  expect(slack.workspace.ephemeralMessages).toMatchObject([
    { channel, user: 'U0ALICE001', ts: shown.message_ts, text: 'psst' },
  ]);
  expect((await web.conversations.history({ channel, limit: 1 })).messages?.[0]?.text).not.toBe('psst');
  const outsider = { channel: 'C0PARTNER1', user: 'U0BOB00001', text: 'psst' };
  await expect(web.chat.postEphemeral(outsider)).rejects.toMatchObject({ data: { error: 'user_not_in_channel' } });
});

test('chat.getPermalink returns links to messages and replies', async () => {
  const { web } = await startSlack();
  const parent = '1700000001.000100';
  const link = await web.chat.getPermalink({ channel, message_ts: parent });
  expect(link.permalink).toBe('https://simulator.slack.com/archives/C0GENERAL1/p1700000001000100');
  const reply = await web.chat.getPermalink({ channel, message_ts: '1700000002.000100' });
  expect(reply.permalink).toBe(
    `https://simulator.slack.com/archives/C0GENERAL1/p1700000002000100?thread_ts=${parent}&cid=C0GENERAL1`,
  );
});
