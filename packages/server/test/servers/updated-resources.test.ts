import type { JsonObject } from '@slack-mcp/core';
import { describe, expect, test } from 'vitest';
import { describeDelivery } from '../../src/ingress/delivery.ts';
import { updatedResources } from '../../src/servers/updated-resources.ts';

function updated(event: JsonObject): readonly string[] {
  const delivery = describeDelivery('event', { type: 'event_callback', event_id: 'Ev1', event }, Buffer.of());
  if (delivery === undefined) throw new Error('not a delivery');
  return updatedResources(delivery);
}

const CHANNEL = 'C0123456789';
const MESSAGES = `channels/${CHANNEL}/messages`;

describe('the resources that an event updates', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['a message', { type: 'message', channel: CHANNEL, ts: '1.2' }, [MESSAGES]],
    ['a mention', { type: 'app_mention', channel: CHANNEL, ts: '1.2' }, [MESSAGES]],
    [
      'a reply',
      { type: 'message', channel: CHANNEL, ts: '1.3', thread_ts: '1.2' },
      [MESSAGES, `channels/${CHANNEL}/threads/1.2`],
    ],
    [
      'an edited reply',
      { type: 'message', subtype: 'message_changed', channel: CHANNEL, message: { ts: '1.3', thread_ts: '1.2' } },
      [MESSAGES, `channels/${CHANNEL}/threads/1.2`],
    ],
    [
      'a deleted reply',
      { type: 'message', subtype: 'message_deleted', channel: CHANNEL, previous_message: { thread_ts: '1.2' } },
      [MESSAGES, `channels/${CHANNEL}/threads/1.2`],
    ],
    ['a reaction', { type: 'reaction_added', item: { type: 'message', channel: CHANNEL, ts: '1.2' } }, [MESSAGES]],
    ['a new name', { type: 'channel_rename', channel: { id: CHANNEL, name: 'new' } }, [`channels/${CHANNEL}`]],
    ['a member who joined', { type: 'member_joined_channel', channel: CHANNEL }, [`channels/${CHANNEL}`]],
    ['a user', { type: 'user_change', user: { id: 'U0123456789' } }, ['users/U0123456789']],
    ['emoji', { type: 'emoji_changed', subtype: 'add' }, ['emojis']],
    ['a message without a channel', { type: 'message' }, []],
    ['a user that is null', { type: 'user_change', user: null }, []],
    ['odd ids', { type: 'message', channel: '../users/U1', thread_ts: '\ud800' }, []],
    ['an odd thread', { type: 'message', channel: CHANNEL, thread_ts: '\ud800' }, [MESSAGES]],
    ['something else', { type: 'app_home_opened', channel: CHANNEL }, []],
  ])('are found for %s', (_name, event, expected) => {
    expect(updated(event)).toEqual(expected);
  });

  test('are empty for commands and interactions', () => {
    const delivery = describeDelivery('command', { command: '/x', channel_id: CHANNEL }, Buffer.of());
    expect(delivery && updatedResources(delivery)).toEqual([]);
  });
});
