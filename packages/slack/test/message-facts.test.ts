import { buildEnvelope, buildEvent } from '@slack-mcp/simulator';
import { describe, expect, test } from 'vitest';
import { messageFactsOf } from '../src/envelope/message-facts.ts';

const BOT = 'U0SIMULBOT';
const APP = 'A0SIMULATR';

/** Returns the facts of a message event with these fields, for an app with the bot user above. */
const factsOf = (fields: object, type: 'message' | 'app_mention' = 'message') =>
  messageFactsOf({ ...buildEnvelope(buildEvent(type, fields as never)) });

describe('author', () => {
  test.each([
    ['a person', {}, 'person'],
    ['a person, with a file', { subtype: 'file_share' }, 'person'],
    ['a person, from a thread to the channel', { subtype: 'thread_broadcast' }, 'person'],
    ['a person, with /me', { subtype: 'me_message' }, 'person'],
    ['the app, by its app id', { bot_id: 'B1', app_id: APP }, 'us'],
    ['the app, by its bot profile', { bot_id: 'B1', bot_profile: { id: 'B1', app_id: APP } }, 'us'],
    ['the app, by its bot user', { user: BOT, bot_id: 'B1' }, 'us'],
    ['the app, with a file', { user: BOT, bot_id: 'B1', subtype: 'file_share' }, 'us'],
    ['another app', { bot_id: 'B2', app_id: 'A2' }, 'bot'],
    ['another app, with a custom name', { subtype: 'bot_message', bot_id: 'B2' }, 'bot'],
    ['Slack, when a member joins', { subtype: 'channel_join' }, 'slack'],
  ])('%s', (_name, fields, author) => {
    expect(factsOf(fields)?.author).toBe(author);
  });

  test('reports the bot id if the message does not name the bot’s app', () => {
    expect(factsOf({ subtype: 'bot_message', bot_id: 'B3' })).toMatchObject({ author: 'bot', unknownBotId: 'B3' });
    expect(factsOf({ bot_id: 'B3', app_id: 'A3' })).not.toHaveProperty('unknownBotId');
  });

  test('uses the author of the changed or deleted message', () => {
    const own = { ts: '1.1', text: 'mine', bot_id: 'B1', app_id: APP };
    const changed = { subtype: 'message_changed', message: own, previous_message: own };
    expect(factsOf(changed)).toEqual({ author: 'us', change: 'touched' });
    expect(factsOf({ subtype: 'message_deleted', previous_message: own })).toEqual({ author: 'us', change: 'deleted' });
  });
});

describe('change', () => {
  const before = { ts: '1.1', text: 'hi', user: 'U1' };
  const changed = (message: object, previous_message: object = before) =>
    factsOf({ subtype: 'message_changed', message: { ...before, ...message }, previous_message })?.change;

  test.each([
    ['an edit', changed({ text: 'hello', edited: { user: 'U1', ts: '2.2' } }), 'edited'],
    ['a reply', changed({ reply_count: 1, thread_ts: '1.1' }), 'touched'],
    ['a link preview', changed({ attachments: [{ from_url: 'https://example.com' }] }), 'touched'],
    [
      'a reply to a message that was edited long ago',
      changed({ reply_count: 1, edited: { user: 'U1', ts: '2.2' } }, { ...before, edited: { user: 'U1', ts: '2.2' } }),
      'touched',
    ],
    [
      'a second edit',
      changed({ edited: { user: 'U1', ts: '3.3' } }, { ...before, edited: { user: 'U1', ts: '2.2' } }),
      'edited',
    ],
    ['the tombstone of a parent', changed({ subtype: 'tombstone', user: 'USLACKBOT' }), 'deleted'],
    ['a new message', factsOf({})?.change, 'posted'],
    ['a mention', factsOf({}, 'app_mention')?.change, 'posted'],
    ['a mention that was edited', factsOf({ edited: { user: 'U1', ts: '2.2' } }, 'app_mention')?.change, 'edited'],
  ])('%s', (_name, change, expected) => {
    expect(change).toBe(expected);
  });
});

test('returns undefined for other events', () => {
  expect(messageFactsOf({ ...buildEnvelope(buildEvent('reaction_added')) })).toBeUndefined();
  expect(messageFactsOf({ command: '/deploy' })).toBeUndefined();
  expect(messageFactsOf({ event: 'message' })).toBeUndefined();
});
