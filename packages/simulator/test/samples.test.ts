import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildEnvelope, buildEvent } from '../src/index.ts';
import { callDirectly, startSlack } from './slack.ts';

const SAMPLES = new URL('../../../../shared/slack-samples/', import.meta.url);
const absent = !existsSync(SAMPLES);
if (absent) test.skip('Slack payload samples are not next to the repository (../shared/slack-samples)', () => {});

/** Fields that `@slack/types` requires, but the samples of some types do not have yet. */
const NEWER = [
  '.context_team_id',
  '.event.cache_ts',
  '.event.channel.is_frozen',
  '.event.event_ts',
  '.event.user.profile.status_emoji_display_info',
];

/** The paths of a payload that its sample lacks or has with another type. Samples are unions without nulls. */
function foreignPaths(value: unknown, sample: unknown, path: string): string[] {
  if (value === null || sample === null || sample === undefined) return [];
  if (Array.isArray(value)) {
    if (!Array.isArray(sample)) return [`${path} is an array`];
    // Each kind of element, such as a type of block, has its own sample.
    const only = sample.length === 1 ? sample[0] : undefined;
    return only === undefined ? [] : value.flatMap((item, index) => foreignPaths(item, only, `${path}[${index}]`));
  }
  if (typeof value !== 'object') return typeof value === typeof sample ? [] : [`${path} is a ${typeof value}`];
  if (typeof sample !== 'object' || Array.isArray(sample)) return [`${path} is an object`];
  return Object.entries(value).flatMap(([key, entry]) =>
    Object.hasOwn(sample, key) || entry === null || NEWER.includes(`${path}.${key}`)
      ? foreignPaths(entry, (sample as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key}`],
  );
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, SAMPLES), 'utf8'));

const channel = 'C0GENERAL1';
const calls: [method: string, form: Record<string, string>][] = [
  ['auth.test', {}],
  ['chat.getPermalink', { channel, message_ts: '1700000000.000100' }],
  ['chat.postEphemeral', { channel, user: 'U0ALICE001', text: 'hi' }],
  ['conversations.list', { types: 'public_channel,private_channel,im' }],
  ['conversations.info', { channel }],
  ['conversations.join', { channel }],
  ['conversations.members', { channel }],
  ['emoji.list', {}],
  ['reactions.add', { channel, timestamp: '1700000000.000100', name: 'eyes' }],
  ['team.info', {}],
  ['usergroups.list', { include_users: 'true', include_count: 'true' }],
  ['usergroups.users.list', { usergroup: 'S0ONCALL01' }],
  ['users.info', { user: 'U0ALICE001' }],
  ['users.getPresence', { user: 'U0ALICE001' }],
  ['users.list', {}],
  ['users.lookupByEmail', { email: 'bob@example.com' }],
];

test.skipIf(absent).each(calls)("%s returns only fields that Slack's sample has", async (method, form) => {
  const { slack } = await startSlack();
  const { body } = await callDirectly(slack.url, method, { token: 'xoxb-simulator', form });
  expect(body.ok).toBe(true);
  const sample = read(`web-api/${method}.json`) as Record<string, unknown>;
  // The emoji sample represents any name.
  if (method === 'emoji.list') body.emoji = { 333: Object.values(body.emoji as object)[0] };
  expect(foreignPaths(body, sample, '')).toEqual([]);
});

const events: [sample: string, event: object][] = [
  ['AppMention', buildEvent('app_mention')],
  ['AppHomeOpened', buildEvent('app_home_opened')],
  ['ChannelArchive', buildEvent('channel_archive')],
  ['ChannelCreated', buildEvent('channel_created')],
  ['ChannelDeleted', buildEvent('channel_deleted')],
  ['ChannelRename', buildEvent('channel_rename')],
  ['EmojiChanged', buildEvent('emoji_changed')],
  ['FilePublic', buildEvent('file_public')],
  ['MemberJoinedChannel', buildEvent('member_joined_channel')],
  ['MemberLeftChannel', buildEvent('member_left_channel')],
  ['Message', buildEvent('message')],
  ['MessageDeleted', buildEvent('message', { subtype: 'message_deleted' })],
  ['MessageFileShare', buildEvent('message', { subtype: 'file_share' })],
  ['PinAdded', buildEvent('pin_added')],
  ['ReactionAdded', buildEvent('reaction_added')],
  ['TeamJoin', buildEvent('team_join')],
  ['UserChange', buildEvent('user_change')],
];

test.skipIf(absent).each(events)("the event of %s has only fields that Slack's sample has", (name, event) => {
  const sample = read(`events/${name}Payload.json`);
  expect(foreignPaths(buildEnvelope(event), sample, '')).toEqual([]);
});
