import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const RANDOM = 'C0RANDOM01';
const THREAD = '1700000000.000100';
const TEXT = 'Deploy finished';
const markup = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string, more: object = {}) => ({ type: 'section', text: markup(text), ...more });
const inText = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const menu = (fields: object) => ({ type: 'actions', elements: [fields] });

const LAYOUT = [
  { type: 'header', text: plain('Deploy') },
  section('*api* is live, ask <@U0ALICE001>', { fields: [markup('Took'), plain('4 min')] }),
  { type: 'divider' },
  menu({ type: 'button', text: plain('Open'), url: 'https://example.com', action_id: 'open' }),
];

const start = (host: object = {}) => startWorkspace({ host: { toolsets: ['editing', 'scheduling'], ...host } });
const post = (at: TestWorkspace, blocks: unknown, args: object = {}) =>
  at.host.callTool('slack_post_message', { channel: GENERAL, text: TEXT, blocks, ...args });
const last = async (at: TestWorkspace) => (await at.simulator.messages(GENERAL)).at(-1);

describe('blocks', () => {
  it('are posted with the text for notifications', async () => {
    await using at = await start();
    const { ts } = output(await post(at, LAYOUT));
    expect(await last(at)).toMatchObject({ ts, text: TEXT, blocks: LAYOUT });
  });

  it('may be JSON text', async () => {
    await using at = await start();
    output(await post(at, JSON.stringify(LAYOUT)));
    expect((await last(at))?.blocks).toEqual(LAYOUT);
  });

  it('are posted in a thread, scheduled, and replaced by an edit', async () => {
    await using at = await start();
    const reply = { channel: GENERAL, thread_ts: THREAD, texts: [TEXT], blocks: LAYOUT };
    output(await at.host.callTool('slack_thread_reply', reply));
    const message = await last(at);
    expect(message).toMatchObject({ thread_ts: THREAD, blocks: LAYOUT });
    const edit = { channel: GENERAL, timestamp: message?.ts, text: TEXT, blocks: [{ type: 'divider' }] };
    output(await at.host.callTool('slack_edit_message', edit));
    expect((await last(at))?.blocks).toEqual([{ type: 'divider' }]);
    const post_at = Math.floor(Date.now() / 1_000) + 3_600;
    output(await at.host.callTool('slack_schedule_message', { channel: GENERAL, text: TEXT, blocks: LAYOUT, post_at }));
    expect((await at.simulator.calls('chat.scheduleMessage')).at(-1)?.arguments['blocks']).toBeDefined();
  });

  it.each([
    ['slack_post_message', { text: TEXT }],
    ['slack_thread_reply', { thread_ts: THREAD, texts: [TEXT] }],
    ['slack_edit_message', { timestamp: THREAD, text: TEXT }],
    ['slack_schedule_message', { text: TEXT, post_at: '1900000000' }],
  ])('are previewed by %s as people see them, and nothing is posted', async (tool, args) => {
    await using at = await start();
    const before = await at.simulator.state();
    const shown = output(await at.host.callTool(tool, { channel: GENERAL, ...args, blocks: LAYOUT, preview: true }));
    const text = 'Deploy\n*api* is live, ask <@U0ALICE001>\nTook\n4 min\n[Open](https://example.com)';
    expect(String(shown['would_post']).replace(/<(https[^|]+)\|([^>]+)>/, '[$2]($1)')).toBe(text);
    expect(await at.simulator.state()).toEqual(before);
  });

  it('notify no channel', async () => {
    await using at = await start();
    const broadcasts = [
      section('Hi <!channel> and @here'),
      { type: 'markdown', text: 'Hi \\`<!here>\\` @everyone' },
      inText({ type: 'broadcast', range: 'channel' }, { type: 'text', text: ' hi' }),
    ];
    const { notice } = output(await post(at, broadcasts));
    expect(notice).toContain('SLACK_MCP_ALLOW_BROADCAST');
    expect(JSON.stringify((await last(at))?.blocks)).not.toMatch(/<!|@(?:here|everyone)|"broadcast"/);
  });

  it('belong to the idempotency key', async () => {
    await using at = await start();
    const key = { idempotency_key: 'k' };
    const { ts } = output(await post(at, LAYOUT, key));
    expect(output(await post(at, LAYOUT, key))['ts']).toBe(ts);
    expect(failure(await post(at, [{ type: 'divider' }], key)).code).toBe('idempotency_key_reused');
  });
});

describe('blocks that Slack would refuse', () => {
  const long = (most: number) => 'x'.repeat(most + 1);
  const options = Array.from({ length: 11 }, (_, index) => ({ text: plain(`${index}`), value: `${index}` }));

  it.each<[string, unknown, RegExp]>([
    ['an unknown type', [{ type: 'sections' }], /blocks\[0\]\.type: .*"sections".*did you mean section\?/],
    ['no type', [{ text: markup('x') }], /blocks\[0\]\.type/],
    [
      'a block that only Slack creates',
      [{ type: 'file', external_id: 'x', source: 'remote' }],
      /"file".*Types: section/,
    ],
    ['an unknown element', [menu({ type: 'buton' })], /blocks\[0\]\.elements\[0\]\.type: .*did you mean button\?/],
    ['an input in a section', [section('x', { accessory: { type: 'plain_text_input' } })], /accessory\.type/],
    ['an unknown inline element', [inText({ type: 'usr' })], /elements\[0\]\.elements\[0\]\.type: .*mean user\?/],
    ['no text', [{ type: 'section' }], /blocks\[0\]: needs text or fields/],
    ['markup in a header', [{ type: 'header', text: markup('x') }], /blocks\[0\]\.text\.type: .*plain_text/],
    ['a text that is too long', [section(long(3_000))], /blocks\[0\]\.text\.text: .*3000/],
    ['an empty text', [section('')], /blocks\[0\]\.text\.text/],
    ['a header that is too long', [{ type: 'header', text: plain(long(150)) }], /150/],
    ['too many fields', [{ type: 'section', fields: Array(11).fill(markup('x')) }], /blocks\[0\]\.fields: .*10/],
    ['too many choices', [menu({ type: 'checkboxes', options })], /elements\[0\]\.options: .*10/],
    ['an image without an address', [{ type: 'image', alt_text: 'x' }], /image_url or slack_file/],
    ['an image without a description', [{ type: 'image', image_url: 'https://example.com/x.png' }], /alt_text/],
    ['too many blocks', Array(51).fill({ type: 'divider' }), /blocks: .*50/],
    ['no blocks', [], /blocks/],
    ['the same id twice', [1, 2].map(() => ({ type: 'divider', block_id: 'a' })), /blocks\[1\]\.block_id: block 0/],
    ['too much Markdown', [1, 2].map(() => ({ type: 'markdown', text: long(6_000) })), /blocks: .*12000/],
    ['a text instead of blocks', 'a section', /blocks/],
  ])('are refused with %s, before a call to Slack', async (_problem, blocks, message) => {
    await using at = await start();
    for (const more of [{}, { preview: true }]) {
      const failed = failure(await post(at, blocks, more));
      expect(failed.code).toBe('invalid_arguments');
      expect(failed.text).toMatch(message);
    }
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('are refused beside a text that is more than a notification, and beside several replies', async () => {
    await using at = await start();
    expect(failure(await post(at, LAYOUT, { text: 'x'.repeat(4_001) })).text).toContain('text: with blocks');
    const reply = { channel: GENERAL, thread_ts: THREAD, texts: ['a', 'b'], blocks: LAYOUT };
    expect(failure(await at.host.callTool('slack_thread_reply', reply)).text).toContain('exactly one text');
    expect(await at.simulator.calls()).toEqual([]);
  });
});

describe('blocks that show a channel or file', () => {
  const withFile = async (host: object) => {
    const at = await start({ toolsets: ['all'], ...host });
    const place = { channel: RANDOM, filename: 'chart.png', content: 'x' };
    return { at, id: output(await at.host.callTool('slack_upload_file', place))['file_id'] as string };
  };

  it.each([
    ['mentions it in a text', section(`see <#${RANDOM}|x>`)],
    ['mentions it in Markdown', { type: 'markdown', text: `see <#${RANDOM}>` }],
    ['mentions it in formatted text', inText({ type: 'channel', channel_id: RANDOM })],
    ['shows it in a menu', menu({ type: 'channels_select', initial_channel: RANDOM })],
    ['shows it in a menu of several', menu({ type: 'multi_conversations_select', initial_conversations: [RANDOM] })],
  ])('are refused if a block %s and it may not be read', async (_way, block) => {
    await using at = await start({ readChannels: ['!random'] });
    for (const more of [{}, { preview: true }]) {
      expect(failure(await post(at, [block], more)).code).toBe('not_allowed');
    }
    expect(await at.simulator.calls('chat.postMessage')).toEqual([]);
    await using open = await start();
    output(await post(open, [block]));
  });

  it('are refused if only a channel that may not be read shares the file', async () => {
    const { at, id } = await withFile({ readChannels: ['!random'] });
    await using _ = at;
    const image = (slack_file: object) => [{ type: 'image', alt_text: 'A chart', slack_file }];
    const url = `https://files.slack.com/files-pri/T0SIMULATR-${id}/chart.png`;
    for (const file of [{ id }, { url }, { url: 'https://example.com' }]) {
      expect(failure(await post(at, image(file))).code).toBe('not_allowed');
    }
    expect(await at.simulator.calls('chat.postMessage')).toEqual([]);
    const open = await withFile({});
    await using __ = open.at;
    output(await post(open.at, image({ id: open.id })));
    expect(await open.at.simulator.calls('files.info')).toEqual([]);
  });
});
