import type { WorkspaceSeed } from '@slack-mcp/simulator';
import { expect, it } from 'vitest';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';
import { BOTH_TOKENS, startWorkspace } from '../mcp/support/start-workspace.ts';
import { output } from './support/results.ts';

const TS = '1700000000.000100';
const members = ['U0ALICE001', 'U0SIMULBOT'];
const seed: WorkspaceSeed = {
  users: [{ id: 'U0ALICE001', name: 'alice' }],
  channels: [
    { id: 'C0EMPTY001', name: 'empty', members },
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
            { id: 'F0EMPTY001', name: 'empty.csv', mimetype: 'text/csv', content: '' },
          ],
        },
      ],
    },
  ],
  userGroups: [{ id: 'S0EMPTY001', handle: 'empty', name: 'Empty', users: [] }],
  emoji: {},
};

/** Calls that find nothing, with the beginning of the note and the next step that the answer must contain. */
const EMPTY: readonly (readonly [tool: string, args: object, found: string, next: string])[] = [
  ['slack_read_channel_messages', { channel: 'empty' }, 'Slack shows no messages here.', 'slack_find'],
  ['slack_read_channel_messages', { channel: 'general', oldest: '1800000000' }, 'Nothing is in this window.', 'oldest'],
  ['slack_read_channel_messages', { channel: 'empty', unread: true }, 'Nothing is unread here.', 'without unread'],
  ['slack_search_messages', { query: 'zebra' }, 'No messages found.', 'other words'],
  ['slack_search_messages', { query: 'zebra', cursor: 'page:2' }, 'No more messages found.', 'last page'],
  ['slack_search_files', { query: 'zebra' }, 'No files found.', 'other words'],
  [
    'slack_list_unreads',
    { kinds: ['direct'] },
    'Nothing is unread (direct conversations checked: 0).',
    'without kinds',
  ],
  [
    'slack_list_unreads',
    { mentions_only: true },
    'No unread mentions (conversations checked: 2).',
    'without mentions_only',
  ],
  ['slack_find', { query: 'zebra' }, 'Nothing found. Searched for: channel, person, user group, custom emoji.', 'word'],
  ['slack_find', { query: '#zebra' }, 'Nothing found. Searched for: channel.', 'all kinds'],
  ['slack_find', { query: 'zebra@example.com' }, 'Nothing found. Searched for: person.', 'Check the address'],
  ['slack_read_user_group', { group: 'empty' }, 'Slack shows no members', 'slack_find'],
  ['slack_read_emojis', {}, 'The workspace has no custom emoji.', 'Standard emoji'],
  ['slack_read_emojis', { query: 'zebra' }, 'No custom emoji has “zebra” in its name.', 'without query'],
  ['slack_get_reactions', { channel: 'general', timestamp: TS }, 'No one has reacted.', 'its own ts'],
  ['slack_list_scheduled_messages', {}, 'The bot has scheduled no messages in any channel.', 'people scheduled'],
  ['slack_list_scheduled_messages', { channel: 'general' }, 'The bot has scheduled no', 'without channel'],
  ['slack_read_comments', { file: 'F0REPORT01' }, 'No comments found.', 'slack_thread_reply'],
  ['slack_read_file', { file: 'F0EMPTY001' }, 'The file is empty.', ''],
  ['slack_read_file', { file: 'F0REPORT01', offset: 9 }, 'The file has 3 characters', 'smaller offset'],
  ['slack_read_list', {}, 'The list has no items here.', 'slack_edit_list'],
  ['slack_read_list', { archived: true }, 'The list has no archived items.', 'without archived'],
  ['slack_find_method', { query: 'zebra' }, 'No method matches.', 'Use words like'],
];

it.each(EMPTY)('%s(%j) says what it found and what to try next', async (tool, given, found, next) => {
  await using at = await startWorkspace({
    simulator: { ...BOTH_TOKENS.simulator, seed },
    ...(BOTH_TOKENS.slack && { slack: BOTH_TOKENS.slack }),
    host: { toolsets: ['all'] },
  });
  await using text = await startWorkspace({
    slack: { ...BOTH_TOKENS.slack, apiUrl: at.simulator.url },
    host: { toolsets: ['all'], output: 'text' },
  });
  const list = tool === 'slack_read_list' ? await createList(at.host) : {};
  const { note } = output(await at.host.callTool(tool, { ...list, ...given }));
  expect(note.startsWith(found), note).toBe(true);
  expect(note).toContain(next);
  const shown = (await text.host.callTool(tool, { ...list, ...given })).content[0].text;
  expect(shown).toContain(note);
});

it('covers every tool that reads, except those whose answers are never empty', () => {
  const reading = allToolsets.tools.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name);
  const covered = new Set(EMPTY.map(([tool]) => tool));
  // A thread has at least its first message, and a user a profile.
  expect(reading.filter((name) => !covered.has(name))).toEqual(['slack_read_thread_messages', 'slack_read_user']);
});

async function createList(host: Awaited<ReturnType<typeof startWorkspace>>['host']): Promise<{ list: string }> {
  const { list } = output(
    await host.callTool('slack_edit_list', { action: 'create', channel: 'general', name: 'Tasks' }),
  );
  return { list };
}
