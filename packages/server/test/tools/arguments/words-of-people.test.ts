import { expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../mcp/support/start-workspace.ts';
import { failure, output } from '../support/results.ts';

const GENERAL = 'C0GENERAL1';
const LINK = `https://acme.slack.com/archives/${GENERAL}/p1700000000000100`;

const start = () => startWorkspace({ ...BOTH_TOKENS, host: { toolsets: ['all'] } });

/** The arguments with which the server called Slack. */
async function sent(at: TestWorkspace, tool: string, args: object, method: string) {
  output(await at.host.callTool(tool, args));
  return (await at.simulator.calls(method)).at(-1)?.arguments ?? {};
}

it.each([
  ['slack_read_thread_messages', { url: LINK }, 'conversations.replies', { channel: GENERAL, ts: '1700000000.000100' }],
  ['slack_read_channel_messages', { link: LINK }, 'conversations.history', { channel: GENERAL }],
  ['slack_get_reactions', { permalink: LINK }, 'reactions.get', { channel: GENERAL, timestamp: '1700000000.000100' }],
  ['slack_read_channel_messages', { channel: 'alice@example.com' }, 'conversations.history', { channel: 'D0ALICE001' }],
  ['slack_open_conversation', { users: '@alice, bob' }, 'conversations.open', { users: 'U0ALICE001,U0BOB00001' }],
  ['slack_open_conversation', { users: 'alice@example.com' }, 'conversations.open', { users: 'U0ALICE001' }],
  ['slack_search_messages', { from: 'me' }, 'search.messages', { query: 'from:me' }],
  ['slack_list_unreads', { kinds: 'DMs' }, 'users.conversations', { types: 'im,mpim' }],
  ['slack_read_user', { user: 'me' }, 'users.info', { user: 'U0ALICE001' }],
  ['slack_call_method', { method: 'pins.list', args: { channel: 'general' } }, 'pins.list', { channel: GENERAL }],
])('%s understands %j', async (tool, args, method, expected) => {
  await using at = await start();
  expect(await sent(at, tool, args, method)).toMatchObject(expected);
});

it('reads the last days as a window that ends now', async () => {
  await using at = await start();
  const before = Date.now() / 1_000;
  const { oldest } = await sent(at, 'slack_read_channel_messages', { channel: GENERAL, since: '7d' }, HISTORY);
  const ago = before - Number(oldest);
  expect(ago).toBeLessThanOrEqual(7 * 86_400);
  expect(ago).toBeGreaterThan(7 * 86_400 - 600);
});

const HISTORY = 'conversations.history';

it('adds several reactions that a text names', async () => {
  await using at = await start();
  const args = { channel: GENERAL, timestamp: '1700000000.000100', emojis: ':eyes:, tada' };
  expect(output(await at.host.callTool('slack_add_reactions', args))['added']).toEqual(['eyes', 'tada']);
});

it.each([
  ['slack_search_messages', {}, 'query: missing: pass words to search for'],
  ['slack_post_message', { channel: GENERAL }, 'text: missing (string)'],
  ['slack_read_channel_messages', { channel: '@general' }, 'If you mean a channel, write "#general"'],
  ['slack_read_channel_messages', { channel: 'unknown@example.com' }, 'No user with the address unknown@example.com'],
  ['slack_read_channel_messages', { channel: GENERAL, oldest: 'last Tuesday' }, '"3 days ago"'],
])('%s says of %j: %s', async (tool, args, text) => {
  await using at = await start();
  expect(failure(await at.host.callTool(tool, args)).text).toContain(text);
});

it.each([
  ['white-check-mark', 'white_check_mark'],
  ['thumbs_up', 'thumbsup'],
  ['check_mark', 'white_check_mark'],
])('names standard emoji that are similar to %s', async (emoji, similar) => {
  await using at = await start();
  const args = { channel: GENERAL, timestamp: '1700000000.000100', emojis: [emoji] };
  const { text } = failure(await at.host.callTool('slack_add_reactions', args));
  expect(text).toMatch(new RegExp(`Similar names: .*\\b${similar}\\b`));
});
