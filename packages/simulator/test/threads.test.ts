import { describe, expect, test } from 'vitest';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

const channel = 'C0GENERAL1';
const GONE = '1600000000.000000';

describe('a reply to a message that does not exist', () => {
  test('is posted to the channel, which only the missing thread_ts in the response shows', async () => {
    const { web } = await startSlack();
    const posted = await web.chat.postMessage({ channel, text: 'late', thread_ts: GONE });
    expect(posted).toMatchObject({ ok: true, channel });
    expect(posted.message).not.toHaveProperty('thread_ts');
    expect((await web.conversations.history({ channel, limit: 1 })).messages).toMatchObject([{ text: 'late' }]);
  });

  test('is posted to the channel after its parent was deleted', async () => {
    const { slack, web } = await startSlack();
    const { ts } = await slack.postMessage('alice', 'general', 'soon gone');
    await slack.deleteMessage('general', ts);
    expect((await web.chat.postMessage({ channel, text: 'late', thread_ts: ts })).message).not.toHaveProperty(
      'thread_ts',
    );
  });

  test('stays in the thread if its parent left a tombstone', async () => {
    const { slack, web } = await startSlack();
    const { ts } = await slack.postMessage('alice', 'general', 'soon gone');
    await slack.postMessage('bob', 'general', 'kept', { threadTs: ts });
    await slack.deleteMessage('general', ts);
    expect((await web.chat.postMessage({ channel, text: 'late', thread_ts: ts })).message).toMatchObject({
      thread_ts: ts,
    });
  });

  test('is rejected with orphanedReply: refuse, and always if a person posts it', async () => {
    const { slack, web } = await startSlack({ behavior: { orphanedReply: 'refuse' } });
    await expect(web.chat.postMessage({ channel, text: 'late', thread_ts: GONE })).rejects.toMatchObject({
      data: { error: 'thread_not_found' },
    });
    await expect(slack.postMessage('alice', 'general', 'late', { threadTs: GONE })).rejects.toMatchObject({
      code: 'thread_not_found',
    });
  });
});

test.each(['1700000001.0001', '1700000001.00010', '1700000001'])(
  'accepts a reply to %s, which lacks digits, and shows it nowhere',
  async (thread_ts) => {
    const { slack, web } = await startSlack();
    const before = await slack.messages('general');
    expect(await web.chat.postMessage({ channel, text: 'lost', thread_ts })).toMatchObject({ ok: true });
    expect(await slack.messages('general')).toEqual(before);
  },
);

describe('conversations.replies', () => {
  test('starts every page with the parent, in addition to the limit', async () => {
    const { slack, web } = await startSlack();
    const { ts } = await slack.postMessage('alice', 'general', 'parent');
    for (let n = 1; n <= 20; n += 1) await slack.postMessage('bob', 'general', `reply ${n}`, { threadTs: ts });
    const first = await web.conversations.replies({ channel, ts, limit: 15 });
    expect(first.messages).toHaveLength(16);
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await web.conversations.replies({ channel, ts, limit: 15, cursor });
    expect(second.messages?.map(({ text }) => text)).toEqual([
      'parent',
      ...[16, 17, 18, 19, 20].map((n) => `reply ${n}`),
    ]);
    expect(second.has_more).toBe(false);
  });

  test('returns only the reply for the ts of a reply', async () => {
    const { web } = await startSlack();
    const ts = '1700000003.000100';
    const { messages, has_more } = await web.conversations.replies({ channel, ts });
    expect(messages).toMatchObject([{ ts, thread_ts: '1700000001.000100' }]);
    expect(has_more).toBe(false);
  });
});

describe('changes of a parent', () => {
  test('are sent for a reply as message_changed with the same text, without edited', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url });
    const { ts } = await slack.postMessage('alice', 'general', 'parent');
    await slack.postMessage('bob', 'general', 'reply', { threadTs: ts });
    await slack.idle();
    const events = (await slack.deliveries()).map(({ body }) => body.event as Record<string, unknown>);
    expect(events.map(({ subtype }) => subtype)).toEqual([undefined, undefined, 'message_changed']);
    expect(events[2]).toMatchObject({
      hidden: true,
      channel,
      message: { ts, text: 'parent', reply_count: 1 },
      previous_message: { ts, text: 'parent' },
    });
    expect(events[2]?.message).not.toHaveProperty('edited');
    expect(events[2]?.previous_message).not.toHaveProperty('reply_count');
  });

  test("are also sent for the app's own reply, unless replyChangesParent is false", async () => {
    const app = await startApp();
    const subtypes = async (replyChangesParent: boolean): Promise<unknown[]> => {
      const { slack, web } = await startSlack({ eventsUrl: app.url, behavior: { replyChangesParent } });
      await web.chat.postMessage({ channel, text: 'reply', thread_ts: '1700000000.000100' });
      return (await slack.deliveries()).map(({ body }) => (body.event as Record<string, unknown>).subtype);
    };
    expect(await subtypes(true)).toEqual([undefined, 'message_changed']);
    expect(await subtypes(false)).toEqual([undefined]);
  });

  test('are sent with the preview of a link: always for a person, on request for the app', async () => {
    const app = await startApp();
    const { slack, web } = await startSlack({ eventsUrl: app.url });
    await slack.postMessage('alice', 'general', 'see https://example.com/a?b=1&c=2.');
    await web.chat.postMessage({ channel, text: 'see <https://example.com>' });
    await web.chat.postMessage({ channel, text: 'see <https://example.com>', unfurl_links: true });
    const events = (await slack.deliveries()).map(({ body }) => body.event as Record<string, unknown>);
    expect(events.map(({ subtype }) => subtype)).toEqual([
      undefined,
      'message_changed',
      undefined,
      undefined,
      'message_changed',
    ]);
    expect(events[1]).toMatchObject({
      message: {
        text: 'see <https://example.com/a?b=1&amp;c=2>.',
        attachments: [{ from_url: 'https://example.com/a?b=1&c=2' }],
      },
      previous_message: { text: 'see <https://example.com/a?b=1&amp;c=2>.' },
    });
    expect(events[1]?.message).not.toHaveProperty('edited');
  });
});

describe('mentions', () => {
  async function mentionsOf(
    act: (slack: Awaited<ReturnType<typeof startSlack>>['slack']) => Promise<unknown>,
    behavior = {},
  ): Promise<{ eventId: string | undefined; event: Record<string, unknown> }[]> {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url, behavior });
    await act(slack);
    const mentions = (await slack.deliveries()).filter(({ type }) => type === 'app_mention');
    return mentions.map(({ eventId, body }) => ({ eventId, event: body.event as Record<string, unknown> }));
  }

  test('are sent again after an edit, with a new event id, the same ts and edited', async () => {
    const [first, second, ...rest] = await mentionsOf(async (slack) => {
      const { ts } = await slack.postMessage('alice', 'general', '<@U0SIMULBOT> hi');
      await slack.editMessage('general', ts, '<@U0SIMULBOT> hello');
    });
    expect(rest).toEqual([]);
    expect(second?.eventId).not.toBe(first?.eventId);
    expect(second?.event).toMatchObject({
      ts: first?.event.ts,
      text: '<@U0SIMULBOT> hello',
      edited: { user: 'U0ALICE001' },
    });
    expect(first?.event).not.toHaveProperty('edited');
  });

  test('are sent for an edit that adds one, but not for a removal or with editedMention: false', async () => {
    const edit = (from: string, to: string) => async (slack: Awaited<ReturnType<typeof startSlack>>['slack']) => {
      const { ts } = await slack.postMessage('alice', 'general', from);
      await slack.editMessage('general', ts, to);
    };
    expect(await mentionsOf(edit('hi', 'hi <@U0SIMULBOT>'))).toHaveLength(1);
    expect(await mentionsOf(edit('hi <@U0SIMULBOT>', 'hi'))).toHaveLength(1);
    expect(await mentionsOf(edit('<@U0SIMULBOT> a', '<@U0SIMULBOT> b'), { editedMention: false })).toHaveLength(1);
  });

  test('have the subtype and root of a reply that is also sent to the channel', async () => {
    const [mention] = await mentionsOf((slack) =>
      slack.postMessage('alice', 'general', '<@U0SIMULBOT> look', { threadTs: '1700000001.000100', broadcast: true }),
    );
    expect(mention?.event).toMatchObject({ subtype: 'thread_broadcast', root: { ts: '1700000001.000100' } });
  });
});
