import { isDeepStrictEqual } from 'node:util';
import type { SlackPort } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../../src/tools/define-tool.ts';
import { allToolsets } from '../../../src/tools/toolsets/all-toolsets.ts';
import { openHost } from '../../support/open-host.ts';
import { type Args, exampleArguments, leastArguments, propertiesOf } from '../support/example-arguments.ts';

/** An answer that has what any of the tools needs. */
const ANSWER = {
  ok: true,
  channel: 'C0GENERAL1',
  ts: '1700000000.000200',
  scheduled_message_id: 'Q1',
  file_id: 'F1',
  canvas_id: 'F2',
  list_id: 'F3',
  messages: [],
  emoji: { shipit: 'https://x' },
  user: { id: 'U0ALICE001', name: 'alice' },
  file: {
    id: 'F0REPORT01',
    name: 'report.csv',
    mimetype: 'text/csv',
    size: 3,
    channels: ['C0GENERAL1'],
    list_metadata: { schema: [] },
  },
};

/** Answers with another form of a field. */
const OWN_ANSWERS: Readonly<Record<string, object>> = { 'conversations.open': { channel: { id: 'C0GENERAL1' } } };

/** A client that answers any call. */
function slackOf(note: (method: string, given: unknown) => void): SlackPort {
  return {
    tokenKinds: ['bot', 'user'],
    async call(method: string, given: unknown) {
      note(method, given);
      return { ...ANSWER, ...OWN_ANSWERS[method] };
    },
    async upload() {},
    async download() {
      return { bytes: Buffer.from('a,b'), contentType: 'text/csv' };
    },
  };
}

/** The calls that a tool makes to Slack, with a fresh cache each time. */
async function callsOf(tool: Tool, args: unknown): Promise<unknown> {
  const calls: unknown[] = [];
  const slack = slackOf((method, given) => calls.push([method, given]));
  const host = openHost({ slack, logger: capturedLog(), version: '1', toolsets: ['all'] });
  const { isError, content } = await host.callTool(tool.name, args);
  await host.close();
  return { calls, failed: isError === true ? content[0]?.text : undefined };
}

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_found, letter: string) => letter.toUpperCase());
const each = (args: Args, change: (value: unknown, name: string) => unknown): Args =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, change(value, name)]));
const renamed = (args: Args, rename: (name: string) => string): Args =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [rename(name), value]));
const isTs = (value: unknown): value is string => typeof value === 'string' && /^\d{10}\.\d{6}$/.test(value);
const ts =
  (form: string | number) =>
  (args: Args): Args =>
    each(args, (value) => (isTs(value) ? form : value));
const isChoice = (name: string): boolean => ['kinds', 'sort', 'if_long', 'encoding', 'action'].includes(name);
const capitals = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(capitals) : ` "${String(value).toUpperCase()}" `;
const alias =
  (name: string, other: string) =>
  (args: Args): Args =>
    renamed(args, (given) => (given === name ? other : given));

const KINDS: readonly (readonly [string, (args: Args) => unknown])[] = [
  ['numbers as strings', (args) => each(args, (value) => (typeof value === 'number' ? String(value) : value))],
  [
    'numbers with a decimal point',
    (args) => each(args, (value) => (typeof value === 'number' ? ` ${value}.0 ` : value)),
  ],
  ['booleans as strings', (args) => each(args, (value) => (value === true ? 'True' : value))],
  ['booleans as numbers', (args) => each(args, (value) => (value === true ? 1 : value))],
  ['lists as JSON strings', (args) => each(args, (value) => (Array.isArray(value) ? JSON.stringify(value) : value))],
  ['names in camel case', (args) => renamed(args, camelCase)],
  ['names with hyphens', (args) => renamed(args, (name) => name.replaceAll('_', '-'))],
  ['an argument that a client adds', (args) => ({ ...args, toolCallId: 'call_1', _meta: {} })],
  ['all arguments as a JSON string', (args) => JSON.stringify(args)],
  ['all arguments under input_params', (args) => ({ input_params: args })],
  ['all arguments under input_params, as a string', (args) => ({ input_params: JSON.stringify(args) })],
  ['channel_id', alias('channel', 'channel_id')],
  ['channelId', alias('channel', 'channelId')],
  ['ts for timestamp', alias('timestamp', 'ts')],
  ['message for text', alias('text', 'message')],
  ['since for oldest', alias('oldest', 'since')],
  ['reply_to for thread_ts', alias('thread_ts', 'reply_to')],
  ['from_user for from', alias('from', 'from_user')],
  ['file_content for content', alias('content', 'file_content')],
  ['names without underscores', (args) => renamed(args, (name) => name.replaceAll('_', ''))],
  ['choices in capitals', (args) => each(args, (value, name) => (isChoice(name) ? capitals(value) : value))],
  ['channels in quotes', (args) => each(args, (value, name) => (name === 'channel' ? `"${value}"` : value))],
  [
    'channels as links',
    (args) => each(args, (value, name) => (name === 'channel' ? `https://acme.slack.com/archives/${value}` : value)),
  ],
  ['a ts without its point', ts('1700000000000100')],
  ['a ts with the p of a link', ts('p1700000000000100')],
  ['a ts without its last zeros', ts('1700000000.0001')],
  ['a ts as a number', ts(1700000000.0001)],
  ['a ts in quotes', ts(' "1700000000.000100" ')],
  ['a link to the message', ts('https://acme.slack.com/archives/C0GENERAL1/p1700000000000100')],
  [
    'a link to the message in angle brackets',
    ts('<https://acme.slack.com/archives/C0GENERAL1/p1700000000000100|here>'),
  ],
  ['emoji in colons', (args) => each(args, (value, name) => (name === 'emojis' ? [':eyes:', ':TADA:'] : value))],
  ['emoji as characters', (args) => each(args, (value, name) => (name === 'emojis' ? ['👀', '🎉'] : value))],
  [
    'a name of an emoji in colons',
    (args) => each(args, (value, name) => (name === 'query' && value === 'shipit' ? ':SHIPIT:' : value)),
  ],
];

describe.each(allToolsets.tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  const args = exampleArguments(tool);
  let clean: unknown;

  it('accepts exact arguments', async () => {
    clean = await callsOf(tool, args);
    expect(clean).toEqual({ calls: expect.toSatisfy((calls) => calls.length > 0), failed: undefined });
  });

  // The other kinds do not change the arguments of this tool.
  it.each(KINDS.filter(([, change]) => !isDeepStrictEqual(change(args), args)))('accepts %s', async (_kind, change) => {
    clean ??= await callsOf(tool, args);
    expect(await callsOf(tool, change(args))).toEqual(clean);
  });

  it.each([null, '', undefined, 'null', 'undefined'])(
    'treats %j for an optional argument as if it were absent',
    async (nothing) => {
      const least = leastArguments(tool);
      const filled = each(args, (value, name) => (name in least ? value : nothing));
      expect(await callsOf(tool, filled)).toEqual(await callsOf(tool, least));
    },
  );

  it('reports which arguments it ignored', async () => {
    const host = openHost({ slack: slackOf(() => {}), logger: capturedLog(), version: '1', toolsets: ['all'] });
    const { content, structuredContent } = await host.callTool(tool.name, {
      ...args,
      toolCallId: 'call_1',
    });
    expect(structuredContent?.['ignored_arguments']).toEqual(['toolCallId']);
    expect(content[0]?.text).toContain('toolCallId');
    await host.close();
  });

  it('rejects a name similar to one of its own, and names the right one', async () => {
    const name = Object.keys(propertiesOf(tool)).find((known) => known.length > 3) ?? '';
    const misspelt = `${name.slice(0, 2)}${name.slice(3)}`;
    expect(misspelt).not.toBe('');
    expect(await callsOf(tool, alias(name, misspelt)(args))).toMatchObject({
      calls: [],
      failed: expect.stringContaining(`${misspelt}: did you mean ${name}?`),
    });
  });

  it.each([undefined, null])('accepts %j instead of its arguments as {}', async (nothing) => {
    expect(await callsOf(tool, nothing)).toEqual(await callsOf(tool, {}));
  });

  it.each([[[]], [7], [true], ['text']])('rejects %j instead of its arguments', async (given) => {
    expect(await callsOf(tool, given)).toMatchObject({ failed: expect.stringContaining('expected an object') });
  });
});

describe('an argument that changes the meaning if it is ignored', () => {
  it.each([
    ['slack_post_message', { channel: 'C0GENERAL1', text: 'Hello', thread_ts: '1700000000.000100' }, 'thread_ts'],
    ['slack_post_message', { channel: 'C0GENERAL1', text: 'Hello', threadTs: '1700000000.000100' }, 'threadTs'],
    ['slack_post_message', { channel: 'C0GENERAL1', text: 'Hello', reply_to: '1700000000.000100' }, 'reply_to'],
    ['slack_post_message', { channel: 'C0GENERAL1', text: 'Hello', attachments: [{ text: 'x' }] }, 'attachments'],
    ['slack_delete_message', { channel: 'C0GENERAL1', timestamp: '1700000000.000100', dryRun: true }, 'dryRun'],
    ['slack_delete_message', { channel: 'C0GENERAL1', timestamp: '1700000000.000100', dryrun: true }, 'dryrun'],
    ['slack_read_channel_messages', { channel: 'C0GENERAL1', query: 'deploy' }, 'query'],
    ['slack_read_channel_messages', { channel: 'C0GENERAL1', from_user: 'U0ALICE001' }, 'from_user'],
  ])('is rejected by %s: %j', async (name, args, refused) => {
    const tool = allToolsets.get(name) as Tool;
    expect(await callsOf(tool, args)).toMatchObject({
      calls: [],
      failed: expect.stringContaining(`${refused}: this tool has no such argument`),
    });
  });
});

describe('a text that is a number', () => {
  it.each([12.5, 0.1, 1700000000.5])('is posted unchanged: %d', async (text) => {
    const tool = allToolsets.get('slack_post_message') as Tool;
    const { calls } = (await callsOf(tool, { channel: 'C0GENERAL1', text })) as { calls: unknown[] };
    expect(calls[0]).toMatchObject(['chat.postMessage', { text: String(text) }]);
  });
});

describe('a time window in which no message can lie', () => {
  it.each([
    ['slack_read_channel_messages', {}],
    ['slack_read_thread_messages', { thread_ts: '1700000000.000100' }],
    ['slack_search_messages', { query: 'welcome' }],
  ])('is rejected by %s', async (name, args) => {
    const tool = allToolsets.get(name) as Tool;
    const window = { channel: 'C0GENERAL1', ...args, oldest: '2023-11-15', latest: '2023-11-14' };
    expect(await callsOf(tool, window)).toMatchObject({
      calls: [],
      failed: expect.stringContaining('is later than latest'),
    });
    expect(await callsOf(tool, { ...window, latest: window.oldest })).toMatchObject({ failed: undefined });
  });
});
