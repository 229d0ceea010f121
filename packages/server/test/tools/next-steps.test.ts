import type { WorkspaceSeed } from '@slack-mcp/simulator';
import { describe, expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../mcp/support/start-workspace.ts';

const TS = '1700000000.000100';
const members = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'];
const seed: WorkspaceSeed = {
  users: [
    { id: 'U0ALICE001', name: 'alice' },
    { id: 'U0BOB00001', name: 'bob' },
  ],
  channels: [
    {
      id: 'C0GENERAL1',
      name: 'general',
      members,
      messages: [
        {
          user: 'U0ALICE001',
          text: 'Hello',
          ts: TS,
          files: [
            { id: 'F0REPORT01', name: 'report.csv', mimetype: 'text/csv', content: 'a,b' },
            { id: 'F0LONG0001', name: 'long.txt', mimetype: 'text/plain', content: 'word '.repeat(20_000) },
            { id: 'F0PDF00001', name: 'a.pdf', mimetype: 'application/pdf', content: '%PDF' },
            {
              id: 'F0CANVAS01',
              name: 'Plan',
              mimetype: 'application/vnd.slack-docs',
              content: '<h1>Plan</h1><p>Ship it</p><p>Ship it</p>',
            },
          ],
          reactions: { eyes: members },
        },
      ],
    },
  ],
};

const start = (): Promise<TestWorkspace> =>
  startWorkspace({
    simulator: { ...BOTH_TOKENS.simulator, seed },
    ...(BOTH_TOKENS.slack && { slack: BOTH_TOKENS.slack }),
    host: { toolsets: ['all'], output: 'text' },
  });

const post = (more: object): readonly [string, object] => [
  'slack_post_message',
  { channel: 'general', text: 'x', ...more },
];
const blocks = (...given: readonly object[]): readonly [string, object] => post({ blocks: given });
const image = { alt_text: 'x' };
const button = { type: 'button', text: { type: 'plain_text', text: 'x' } };

/** Calls, and what their answers must say. */
const SAID: readonly (readonly [call: readonly [string, object], said: string])[] = [
  [post({ text: ' \n ' }), 'text: contains nothing that people can see'],
  [post({ text: '\u200b\u{E0041}' }), 'text: contains nothing that people can see'],
  [['slack_thread_reply', { channel: 'general', thread_ts: TS, texts: ['a', ' '] }], 'texts[1]: contains nothing'],
  [['slack_edit_message', { channel: 'general', timestamp: TS, text: '\u00a0' }], 'text: contains nothing'],
  [['slack_schedule_message', { channel: 'general', text: ' ', post_at: 'in 2 hours' }], 'text: contains nothing'],
  [
    ['slack_schedule_message', { channel: 'general', text: 'x', post_at: '2030-01-01T09:00' }],
    'post_at: needs a time zone at its end, such as "Z" or "+01:00"',
  ],
  [['slack_schedule_message', { channel: 'general', text: 'x', post_at: 'soon' }], 'or "in 2 hours"'],
  [['slack_read_channel_messages', { channel: 'general', oldest: '2023-01-01 09:00' }], 'oldest: needs a time zone'],
  [post({ blocks: 'divider' }), 'blocks[0]: expected object, not string'],
  [blocks({ type: 'sektion' }), 'no block has the type "sektion" here; did you mean section? Arguments:'],
  [blocks({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }), 'must have at most 3000 characters'],
  [blocks({ type: 'section', text: 'x' }), 'blocks[0].text: expected object, not string'],
  [blocks({ type: 'image', ...image }), 'needs either image_url or slack_file'],
  [blocks({ type: 'image', ...image, image_url: 'ftp://example.com/a.png' }), 'image_url: must begin with https://'],
  [blocks({ type: 'image', ...image, slack_file: {} }), 'needs either id or url'],
  [
    blocks({ type: 'actions', elements: [{ ...button, type: 'static_select', placeholder: button.text }] }),
    'needs either options or option_groups',
  ],
  [['slack_edit_canvas', { action: 'destroy', channel: 'general' }], 'action: must be one of "create", "append"'],
  [['slack_edit_canvas', { action: 'create', content: 'x' }], 'channel: needed to create a canvas'],
  [
    ['slack_edit_canvas', { action: 'delete', canvas: 'F0CANVAS01', section: 'Zebra' }],
    'No section of the canvas contains this text. Read the canvas with slack_read_file',
  ],
  [
    ['slack_edit_canvas', { action: 'delete', canvas: 'F0CANVAS01', section: 'Ship it' }],
    '2 sections contain this text.',
  ],
  [
    ['slack_edit_list', { action: 'create', channel: 'general', name: 'L', columns: [{ name: 'S', type: 'select' }] }],
    'needed for select, and only for select',
  ],
  [['slack_read_list', { list: 'F0REPORT01' }], 'The file is not a list. Read other files with slack_read_file.'],
  [['slack_read_file', { file: 'F0LONG0001' }], 'of 100000. Call again with offset:'],
  [['slack_read_file', { file: 'F0PDF00001' }], 'The server shows only text and images. People can open the link.'],
  [['slack_search_messages', { query: 'x', cursor: 'zebra' }], 'cursor: not a next_cursor of this tool'],
  [['slack_list_unreads', { cursor: 'zebra' }], 'cursor: not a next_cursor of this tool'],
  [
    ['slack_upload_file', { channel: 'general', filename: 'a', content: 'no!', encoding: 'base64' }],
    'must be base64, such as',
  ],
  [['slack_find', { query: 'genral' }], 'Nothing matches; these names are similar.'],
  [['slack_find', { query: 'a', limit: 1 }], 'More match: use a longer query or a higher limit.'],
  [['slack_find_method', { query: 'channel' }], 'more match: use other words.'],
  [['slack_call_method', { method: 'pins.ad' }], 'Nearest: pins.add. Find methods with slack_find_method.'],
  [
    ['slack_call_method', { method: 'pins.add', arguments: { chanel: 'general' } }],
    'did you mean channel? Arguments of',
  ],
  [['slack_mark_read', { channel: 'general', timestamp: 'newest' }], 'timestamp: must be the ts of a message'],
  [['slack_read_user_group', { group: 'nobodies' }], "Use the exact handle, or the group's id"],
  [['slack_read_user', { user: 'nobody' }], 'To find a person by part of a name'],
];

describe('an answer says what to do', () => {
  it.each(SAID)('%j: %s', async ([tool, args], said) => {
    await using at = await start();
    const result = await at.host.callTool(tool, args);
    expect(result.content[0].text).toContain(said);
    const called = (await at.simulator.calls()).map(({ method }) => method);
    expect(called.filter((method) => /post|update|schedule|upload|canvases\.(create|edit)/i.test(method))).toEqual([]);
  });
});
