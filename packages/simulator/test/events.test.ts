import { describe, expect, test } from 'vitest';
import type { Simulator, SlackApiError } from '../src/index.ts';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

/** Runs changes in a workspace and returns the events that the app received, in order of cause. */
async function eventsOf(
  act: (slack: Simulator, web: Awaited<ReturnType<typeof startSlack>>['web']) => Promise<unknown>,
): Promise<Record<string, unknown>[]> {
  const app = await startApp();
  const { slack, web } = await startSlack({ eventsUrl: app.url });
  await act(slack, web);
  await slack.idle();
  const deliveries = await slack.deliveries();
  expect(app.received).toHaveLength(deliveries.length);
  return deliveries.map(({ body }) => body.event as Record<string, unknown>);
}

describe('messages', () => {
  test('a mention causes a message and an app_mention event, each with its own id', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ eventsUrl: app.url });
    const posted = await slack.postMessage('alice', 'general', 'Hello <@U0SIMULBOT>');
    await slack.idle();
    const envelopes = app.received.map(({ body }) => JSON.parse(body));
    expect(envelopes.map(({ event }) => event.type).sort()).toEqual(['app_mention', 'message']);
    expect(new Set(envelopes.map(({ event_id }) => event_id))).toEqual(new Set(posted.eventIds));
    expect(posted.eventIds).toHaveLength(2);
    for (const { event, ...envelope } of envelopes) {
      expect(event).toMatchObject({ user: 'U0ALICE001', channel: 'C0GENERAL1', ts: posted.ts, event_ts: posted.ts });
      expect(envelope).toMatchObject({
        token: expect.any(String),
        team_id: 'T0SIMULATR',
        context_team_id: 'T0SIMULATR',
        api_app_id: 'A0SIMULATR',
        type: 'event_callback',
        event_time: expect.any(Number),
        authorizations: [{ team_id: 'T0SIMULATR', user_id: 'U0SIMULBOT', is_bot: true }],
        is_ext_shared_channel: false,
        event_context: expect.stringMatching(/^4-/),
      });
    }
  });

  test.each([
    ['general', 'channel'],
    ['leads', 'group'],
    ['D0ALICE001', 'im'],
  ])('in %s have the channel type %s', async (channel, channel_type) => {
    expect(await eventsOf((slack) => slack.postMessage('alice', channel, 'hi'))).toMatchObject([
      { type: 'message', channel_type, text: 'hi' },
    ]);
  });

  test('a user as the channel means direct messages, where a mention is a plain message', async () => {
    const events = await eventsOf((slack) => slack.postMessage('carol', 'simulator', '<@U0SIMULBOT> hi'));
    expect(events).toMatchObject([{ type: 'message', channel_type: 'im', user: 'U0CAROL001' }]);
  });

  test('a message of the bot causes a message event, but no mention of itself', async () => {
    const events = await eventsOf((_, web) =>
      web.chat.postMessage({ channel: '#general', text: 'I am <@U0SIMULBOT>' }),
    );
    expect(events).toMatchObject([{ type: 'message', channel: 'C0GENERAL1', bot_id: 'B0SIMULATR' }]);
  });

  test('replies contain their thread, and broadcasts also their root', async () => {
    const events = await eventsOf(async (slack) => {
      const { ts } = await slack.postMessage('alice', 'general', 'parent');
      await slack.postMessage('bob', 'general', 'reply', { threadTs: ts });
      await slack.postMessage('bob', 'general', 'loud', { threadTs: ts, broadcast: true });
    });
    const [parent, reply, loud] = events.filter(({ subtype }) => subtype !== 'message_changed');
    expect(reply).toMatchObject({ thread_ts: parent?.ts, parent_user_id: 'U0ALICE001' });
    expect(loud).toMatchObject({ subtype: 'thread_broadcast', root: { text: 'parent', reply_count: 2 } });
  });

  test('edits and deletions contain the previous message', async () => {
    const events = await eventsOf(async (slack) => {
      const { ts } = await slack.postMessage('alice', 'general', 'old');
      await slack.editMessage('general', ts, 'new');
      await slack.deleteMessage('general', ts);
    });
    expect(events).toMatchObject([
      { text: 'old' },
      {
        subtype: 'message_changed',
        hidden: true,
        channel: 'C0GENERAL1',
        message: { text: 'new', edited: { user: 'U0ALICE001' } },
        previous_message: { text: 'old' },
      },
      { subtype: 'message_deleted', hidden: true, deleted_ts: events[0]?.ts, previous_message: { text: 'new' } },
    ]);
    expect(new Set(events.map(({ event_ts }) => event_ts)).size).toBe(3);
  });
});

test('sends events for reactions', async () => {
  const item = { type: 'message', channel: 'C0GENERAL1', ts: '1700000000.000100' };
  const events = await eventsOf(async (slack, web) => {
    await slack.react('bob', 'general', item.ts, 'eyes');
    await slack.unreact('bob', 'general', item.ts, 'eyes');
    await web.reactions.add({ channel: item.channel, timestamp: item.ts, name: 'eyes' });
  });
  expect(events).toMatchObject([
    { type: 'reaction_added', user: 'U0BOB00001', reaction: 'eyes', item_user: 'U0ALICE001', item },
    { type: 'reaction_removed', user: 'U0BOB00001', reaction: 'eyes', item },
    { type: 'reaction_added', user: 'U0SIMULBOT', item },
  ]);
});

test('sends events for channels and members', async () => {
  const events = await eventsOf(async (slack, web) => {
    const { channel } = await slack.createChannel('alice', 'launch');
    await slack.postMessage('alice', channel, 'no one else is here');
    await web.conversations.join({ channel });
    await slack.joinChannel('bob', channel);
  });
  expect(events.map(({ type, subtype }) => (subtype === undefined ? type : `${type} ${subtype}`))).toEqual([
    'channel_created',
    'member_joined_channel',
    'message channel_join',
    'member_joined_channel',
    'message channel_join',
  ]);
  expect(events[0]).toMatchObject({ channel: { name: 'launch', creator: 'U0ALICE001', is_channel: true } });
  expect(events[3]).toMatchObject({ user: 'U0BOB00001', channel_type: 'C', team: 'T0SIMULATR' });
});

test('sends no events for conversations without the bot', async () => {
  expect(await eventsOf((slack) => slack.postMessage('alice', 'watercooler', 'about <@U0SIMULBOT>'))).toEqual([]);
});

test('marks an externally shared channel in the envelope', async () => {
  const app = await startApp();
  const { slack } = await startSlack({ eventsUrl: app.url });
  await slack.postMessage('alice', 'ext-partner', 'hi');
  await slack.idle();
  expect(JSON.parse(app.received[0]?.body ?? '')).toMatchObject({ is_ext_shared_channel: true });
});

test.each([
  ['user_not_found', (slack: Simulator) => slack.postMessage('nobody', 'general', 'hi')],
  ['channel_not_found', (slack: Simulator) => slack.postMessage('alice', 'nowhere', 'hi')],
  ['is_archived', (slack: Simulator) => slack.postMessage('alice', 'old-project', 'hi')],
  ['message_not_found', (slack: Simulator) => slack.react('alice', 'general', '1600000000.000000', 'eyes')],
  ['name_taken', (slack: Simulator) => slack.createChannel('alice', 'general')],
])('rejects with %s', async (code, act) => {
  const { slack } = await startSlack();
  await expect(act(slack)).rejects.toMatchObject({ name: 'SlackApiError', code } satisfies Partial<SlackApiError>);
});
