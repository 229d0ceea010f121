import { expect, it } from 'vitest';
import { messageText } from '../../../src/tools/messages/message-text.ts';
import { nameMentions } from '../../../src/tools/messages/readable-text.ts';

it('adds names that cannot end a mention or begin another', () => {
  const names = new Map([['U0ALICE001', 'Alice> <@U0BOB00001|x']]);
  expect(nameMentions('hi <@U0ALICE001>', names)).toBe('hi <@U0ALICE001|Alice @U0BOB00001x>');
});

it('keeps an attachment whose text is only a part of a line of the message', () => {
  const message = {
    text: 'The deploy of api failed',
    attachments: [{ text: 'api' }, { text: 'The deploy of api failed' }],
  };
  expect(messageText(message)).toBe('The deploy of api failed\napi');
});
