import { describe, expect, test } from 'vitest';
import { OwnBot } from '../src/own-bot.ts';
import { clientOfStub } from '../src/testing/slack-stub.ts';
import { contextOf } from './support/message.ts';

/** The context of a message by a bot, in a workspace whose `auth.test` names this bot. */
function written(team: string, bot: string, own: string) {
  const event = { type: 'message', channel: 'C1', bot_id: bot, subtype: 'bot_message', text: 'hi' };
  const context = contextOf({ type: 'event_callback', team_id: team, api_app_id: 'A1', event_id: 'Ev1', event });
  const slack = clientOfStub({ call: async () => ({ ok: true, bot_id: own }) });
  return { ...context, slack };
}

describe('a message that names only its bot', () => {
  test('is the app’s own in the workspace where the app has that bot', async () => {
    const ownBot = new OwnBot();
    expect(await ownBot.wrote(written('T1', 'B1', 'B1'))).toBe(true);
    expect(await ownBot.wrote(written('T2', 'B1', 'B2'))).toBe(false);
    expect(await ownBot.wrote(written('T2', 'B2', 'B2'))).toBe(true);
    expect(await ownBot.wrote(written('T1', 'B2', 'B1'))).toBe(false);
  });
});

test('an edit of the app’s own message is the app’s own', async () => {
  const message = { type: 'message', app_id: 'A1', bot_id: 'B1', text: 'new', edited: { ts: '2.1' } };
  const event = {
    type: 'message',
    subtype: 'message_changed',
    channel: 'C1',
    message,
    previous_message: { text: 'old' },
  };
  const context = contextOf({ type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: 'Ev1', event });
  expect(context.message).toMatchObject({ author: 'us', change: 'edited' });
  expect(await new OwnBot().wrote(context)).toBe(true);
});
