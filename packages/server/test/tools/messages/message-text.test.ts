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
    ['an empty text for an empty message', {}, ''],
    [
      'the text once, although it is repeated as rich text',
      { text: 'Hi *all*', blocks: [richText({ type: 'text', text: 'Hi all' })] },
      'Hi *all*',
    ],
    [
      'rich text if there is no text',
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
      '<@U1> see <https://example.com|this>:tada:<#C1><!here>',
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
      'blocks of an unknown kind',
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
    ['an attachment that repeats the text only once', { text: 'Same', attachments: [{ text: 'Same' }] }, 'Same'],
    [
      'a summary and rich text that contains more',
      { text: 'Build notification', blocks: [richText({ type: 'text', text: 'Build 123 failed in step deploy' })] },
      'Build notification\nBuild 123 failed in step deploy',
    ],
    [
      'text that is part of another text without repeating it',
      { text: '', attachments: [{ text: '10 tests failed' }, { text: '0 tests failed' }] },
      '10 tests failed\n0 tests failed',
    ],
    [
      'rich text next to a section',
      {
        text: 'a',
        blocks: [richText({ type: 'text', text: 'a' }), { type: 'section', text: { type: 'mrkdwn', text: 'b' } }],
      },
      'a\nb',
    ],
    [
      'entities decoded once in text',
      { text: 'a &lt; b &amp;amp; <https://x.y/?a=1&amp;b=2>' },
      'a < b &amp; <https://x.y/?a=1&b=2>',
    ],
    [
      'entities decoded once in blocks, and not in rich text',
      {
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: 'a &lt; b' } },
          { type: 'header', text: { type: 'plain_text', text: 'x &amp;amp; y' } },
          richText({ type: 'text', text: 'c < d &lt;' }),
        ],
      },
      'a < b\nx &amp; y\nc < d &lt;',
    ],
    [
      'a date without a fallback',
      { blocks: [richText({ type: 'date', timestamp: 1700000000, format: '{date_long}' })] },
      '2023-11-14T22:13:20Z',
    ],
    [
      'URLs of links, titles and buttons',
      {
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: 'see <https://a.example|it>' } },
          {
            type: 'actions',
            elements: [
              { type: 'button', text: { type: 'plain_text', text: 'Open' }, url: 'https://b.example', value: 'v' },
            ],
          },
        ],
        attachments: [{ title: 'CPU', title_link: 'https://c.example', footer: 'Grafana', ts: 1700000000 }],
      },
      'see <https://a.example|it>\n<https://b.example|Open>\n<https://c.example|CPU>\nGrafana, 2023-11-14T22:13:20Z',
    ],
    [
      'an attachment with only a picture',
      { attachments: [{ fallback: 'A chart', image_url: 'https://i.example/a.png' }] },
      'A chart\n<https://i.example/a.png>',
    ],
    [
      'calls, plans and cards of tasks',
      {
        blocks: [
          { type: 'call', call: { v1: { name: 'Standup', join_url: 'https://call.example/1' } } },
          {
            type: 'plan',
            title: 'Release',
            tasks: [
              {
                type: 'task_card',
                task_id: 't1',
                title: 'Build',
                status: 'complete',
                details: richText({ type: 'text', text: 'all green' }),
                sources: [{ type: 'url', url: 'https://ci.example/7', text: 'run 7' }],
              },
            ],
          },
        ],
      },
      'Standup\n<https://call.example/1>\nRelease\nBuild\ncomplete\nall green\n<https://ci.example/7|run 7>',
    ],
    [
      'no invisible characters',
      { text: 'Hi\u{e0041}\u{e0042}\u200b there \u{1f3f4}\u{e0067}\u{e0062}\u{e007f}' },
      'Hi there \u{1f3f4}\u{e0067}\u{e0062}\u{e007f}',
    ],
    [
      'malformed content, without failing',
      { text: 7, blocks: 'x', attachments: [null, 3, { fields: {} }] } as JsonObject,
      '',
    ],
  ])('returns %s', (_name, message, expected) => {
    expect(messageText(message)).toBe(expected);
  });
});

describe('toSlackMessage', () => {
  it('omits absent fields', () => {
    expect(toSlackMessage({ type: 'message', user: 'U1', text: 'Hi', ts: '1700000000.000100', team: 'T1' })).toEqual({
      ts: '1700000000.000100',
      time: '2023-11-14T22:13:20Z',
      user: 'U1',
      text: 'Hi',
    });
  });

  it('keeps the fields that a reader needs', () => {
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
      time: '1970-01-01T00:00:02Z',
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
    expect(slackMessageSchema().safeParse(toSlackMessage(message)).success, message.subtype).toBe(true);
  }
});
