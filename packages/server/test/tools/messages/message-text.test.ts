import type { JsonObject } from '@slack-mcp/core';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, it } from 'vitest';
import { messageText } from '../../../src/tools/messages/message-text.ts';
import { slackMessageSchema, toSlackMessage } from '../../../src/tools/messages/slack-message.ts';

const richText = (...elements: JsonObject[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

describe('messageText', () => {
  it.each<[string, JsonObject, string]>([
    ['the text', { text: 'Hello' }, 'Hello'],
    ['nothing for nothing', {}, ''],
    [
      'the text once, though it is repeated as rich text',
      { text: 'Hi *all*', blocks: [richText({ type: 'text', text: 'Hi all' })] },
      'Hi *all*',
    ],
    [
      'rich text where there is no text',
      {
        text: '',
        blocks: [
          richText(
            { type: 'user', user_id: 'U1' },
            { type: 'text', text: ' see ' },
            { type: 'link', url: 'https://example.com', text: 'this' },
            { type: 'emoji', name: 'tada' },
            { type: 'channel', channel_id: 'C1' },
            { type: 'broadcast', range: 'here' },
          ),
        ],
      },
      '<@U1> see this:tada:<#C1><!here>',
    ],
    [
      'lists, quotes and code',
      {
        blocks: [
          {
            type: 'rich_text',
            elements: [
              {
                type: 'rich_text_list',
                style: 'ordered',
                elements: [
                  { type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] },
                  { type: 'rich_text_section', elements: [{ type: 'text', text: 'two' }] },
                ],
              },
              { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] },
              { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code' }] },
            ],
          },
        ],
      },
      '1. one\n2. two\n> said\n```code```',
    ],
    [
      'what blocks add to a summary',
      {
        text: 'Deploy finished',
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'Deploy finished' } },
          {
            type: 'section',
            text: { type: 'mrkdwn', text: '*api* is live' },
            fields: [{ type: 'mrkdwn', text: 'Took 3 min' }],
          },
          { type: 'divider' },
          {
            type: 'context',
            elements: [
              { type: 'mrkdwn', text: 'by CI' },
              { type: 'image', alt_text: 'logo', image_url: 'x' },
            ],
          },
          { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Roll back' } }] },
        ],
      },
      'Deploy finished\n*api* is live\nTook 3 min\nby CI logo\nRoll back',
    ],
    [
      'tables and markdown',
      {
        blocks: [
          { type: 'markdown', text: '# Title' },
          {
            type: 'table',
            rows: [
              [{ type: 'raw_text', text: 'a' }, richText({ type: 'text', text: 'b' })],
              [
                { type: 'raw_text', text: 'c' },
                { type: 'raw_text', text: 'd' },
              ],
            ],
          },
        ],
      },
      '# Title\na | b\nc | d',
    ],
    [
      'blocks of a kind nobody knows yet',
      { blocks: [{ type: 'card_2030', body: { text: 'inside' }, more: [{ text: 'too' }] }] },
      'inside\ntoo',
    ],
    [
      'attachments',
      {
        text: '',
        attachments: [
          {
            fallback: 'ignored',
            pretext: 'New alert',
            title: 'CPU',
            text: 'at 99 %',
            fields: [{ title: 'Host', value: 'web-1', short: true }],
          },
          { fallback: 'only this' },
        ],
      },
      'New alert\nCPU\nat 99 %\nHost: web-1\nonly this',
    ],
    ['an attachment that repeats the text once', { text: 'Same', attachments: [{ text: 'Same' }] }, 'Same'],
    [
      'what is not as it should be, without failing',
      { text: 7, blocks: 'x', attachments: [null, 3, { fields: {} }] } as JsonObject,
      '',
    ],
  ])('gives %s', (_name, message, expected) => {
    expect(messageText(message)).toBe(expected);
  });
});

describe('toSlackMessage', () => {
  it('leaves out what is absent', () => {
    expect(toSlackMessage({ type: 'message', user: 'U1', text: 'Hi', ts: '1.1', team: 'T1' })).toEqual({
      ts: '1.1',
      user: 'U1',
      text: 'Hi',
    });
  });

  it('keeps what a reader needs', () => {
    expect(
      toSlackMessage({
        subtype: 'bot_message',
        bot_id: 'B1',
        username: 'Jenkins',
        text: 'Done',
        ts: '2.1',
        thread_ts: '1.1',
        reply_count: 3,
        edited: { user: 'U1', ts: '3.1' },
        reactions: [{ name: 'eyes', count: 2, users: ['U1', 'U2'] }],
        files: [
          { id: 'F1', name: 'report.pdf', url_private: 'https://files.slack.com/x' },
          { id: 'F2', title: 'Untitled' },
        ],
      }),
    ).toEqual({
      ts: '2.1',
      bot: 'Jenkins',
      subtype: 'bot_message',
      text: 'Done',
      edited: true,
      thread_ts: '1.1',
      reply_count: 3,
      reactions: [{ name: 'eyes', count: 2 }],
      files: [
        { id: 'F1', name: 'report.pdf' },
        { id: 'F2', name: 'Untitled' },
      ],
    });
  });

  it.each([
    [{ bot_id: 'B1', bot_profile: { name: 'CI' } }, 'CI'],
    [{ bot_id: 'B1' }, 'B1'],
  ])('names the bot of %j', (message, expected) => {
    expect(toSlackMessage(message).bot).toBe(expected);
  });
});

it.each(await sampleSets())('reads every message of $origin', ({ events }) => {
  const messages = events.map(({ text }) => JSON.parse(text).event).filter(({ type }) => type === 'message');
  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) {
    expect(slackMessageSchema.safeParse(toSlackMessage(message)).success, message.subtype).toBe(true);
  }
});
