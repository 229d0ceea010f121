import type {
  AppMentionEvent,
  BotMessageEvent,
  GenericMessageEvent,
  MessageChangedEvent,
  TeamJoinEvent,
} from '@slack/types';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { buildEnvelope, buildEvent, type EventEnvelope } from '../src/index.ts';

test('infers the type from the event type and the subtype of a message', () => {
  expectTypeOf(buildEvent('app_mention')).toEqualTypeOf<AppMentionEvent>();
  expectTypeOf(buildEvent('message', { text: 'hi' })).toEqualTypeOf<GenericMessageEvent>();
  expectTypeOf(buildEvent('message', { subtype: 'bot_message' })).toEqualTypeOf<BotMessageEvent>();
  expectTypeOf(buildEvent('message', { subtype: 'message_changed' })).toEqualTypeOf<MessageChangedEvent>();
  expectTypeOf(buildEnvelope(buildEvent('team_join'))).toEqualTypeOf<EventEnvelope<TeamJoinEvent>>();
  // @ts-expect-error the name of an emoji is a string
  buildEvent('reaction_added', { reaction: 5 });
});

test('fields override defaults', () => {
  expect(buildEvent('app_mention', { text: 'hello', channel: 'C0RANDOM01' })).toMatchObject({
    type: 'app_mention',
    text: 'hello',
    channel: 'C0RANDOM01',
    user: 'U0ALICE001',
  });
});

describe('messages', () => {
  test.each([
    [{}, 'C0GENERAL1', 'channel'],
    [{ channel_type: 'im' as const }, 'D0ALICE001', 'im'],
    [{ channel_type: 'group' as const }, 'C0PRIVATE1', 'group'],
    [{ channel: 'D0BOB00001' }, 'D0BOB00001', 'im'],
    [{ channel: 'C0PRIVATE1' }, 'C0PRIVATE1', 'group'],
  ])('with %o are in %s of type %s', (fields, channel, channel_type) => {
    expect(buildEvent('message', fields)).toMatchObject({ channel, channel_type });
  });

  test.each([
    'bot_message',
    'message_changed',
    'message_deleted',
    'thread_broadcast',
    'file_share',
    'channel_topic',
  ] as const)('with subtype %s have a timestamp and a channel', (subtype) => {
    const event = buildEvent('message', { subtype });
    expect(event).toMatchObject({ subtype, channel: 'C0GENERAL1', channel_type: 'channel', ts: expect.any(String) });
    expect(event.event_ts).toBe(event.ts);
  });
});

test('returns the fields of an unknown type', () => {
  for (const type of ['shiny_new_event', 'toString', '__proto__']) {
    expect(buildEvent(type, { some: 'field' })).toEqual({ type, some: 'field', event_ts: expect.any(String) });
  }
});

test('gives each envelope its own id by default', () => {
  const event = buildEvent('app_mention');
  expect(buildEnvelope(event).event_id).toMatch(/^Ev[0-9A-Z]{11}$/);
  expect(buildEnvelope(event).event_id).not.toBe(buildEnvelope(event).event_id);
  const envelope = buildEnvelope(event, { eventId: 'Ev1', teamId: 'T1', appId: 'A1', eventTime: 5, botUserId: 'U1' });
  expect(envelope).toMatchObject({ event_id: 'Ev1', team_id: 'T1', api_app_id: 'A1', event_time: 5 });
  expect(envelope.authorizations).toMatchObject([{ team_id: 'T1', user_id: 'U1' }]);
});
