import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { SlackApiError } from '@slack-mcp/slack';
import type { NamePage } from './name-list.ts';
import type { Named } from './names.ts';

/** Reads a page of one kind of names. */
export type ReadNames = (cursor: string | undefined, signal: AbortSignal) => Promise<NamePage>;

const PAGE_SIZE = 999;

/** Channels that the token can see, except archived channels. Without `groups:read`, only public channels. */
export function readChannelNames(slack: SlackPort): ReadNames {
  let types = 'public_channel,private_channel';
  const list = async (cursor: string | undefined, signal: AbortSignal): Promise<NamePage> => {
    const args = { types, exclude_archived: true, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    return pageOf(await slack.call('conversations.list', args, { signal }), 'channels', channelOf);
  };
  return async (cursor, signal) => {
    try {
      return await list(cursor, signal);
    } catch (error) {
      const retry = types !== 'public_channel' && cursor === undefined;
      if (!retry || !(error instanceof SlackApiError) || error.slackError !== 'missing_scope') throw error;
      types = 'public_channel';
      return list(cursor, signal);
    }
  };
}

/** The existing direct messages, each under its user's ID, in lower case like all names. */
export function readDirectMessages(slack: SlackPort): ReadNames {
  return async (cursor, signal) => {
    const args = { types: 'im', limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    return pageOf(await slack.call('conversations.list', args, { signal }), 'channels', ({ id, user }) =>
      named(id, [user]),
    );
  };
}

/** Active users, by handle, display name and full name. */
export function readUserNames(slack: SlackPort): ReadNames {
  return async (cursor, signal) => {
    const args = { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    return pageOf(await slack.call('users.list', args, { signal }), 'members', namedUser);
  };
}

/** Enabled user groups, by handle and name. */
export function readUserGroupNames(slack: SlackPort): ReadNames {
  return async (_cursor, signal) =>
    pageOf(await slack.call('usergroups.list', {}, { signal }), 'usergroups', ({ id, handle, name }) =>
      named(id, [handle, name]),
    );
}

/** The workspace's custom emoji. The ID of an alias is the name of its target. */
export function readEmojiNames(slack: SlackPort): ReadNames {
  return async (_cursor, signal) => {
    const { emoji } = await slack.call('emoji.list', {}, { signal });
    const names = Map.groupBy(Object.entries(objectOf(emoji)), ([name, value]) =>
      typeof value === 'string' && value.startsWith('alias:') ? value.slice('alias:'.length) : name,
    );
    return { entries: [...names].map(([id, aliases]) => ({ id, names: aliases.map(([name]) => name) })) };
  };
}

/** Parses a channel from `conversations.list` or `conversations.info`. */
export function channelOf(channel: JsonObject): Named | undefined {
  const entry = named(channel['id'], [channel['name']]);
  if (entry === undefined) return undefined;
  const { previous_names: previous } = channel;
  const otherNames = lowerCase([channel['name_normalized'], ...(Array.isArray(previous) ? previous : [])]).filter(
    (name) => !entry.names.includes(name),
  );
  return {
    ...entry,
    ...(isExternal(channel) ? { external: true } : {}),
    ...(otherNames.length === 0 ? {} : { otherNames: [...new Set(otherNames)] }),
  };
}

/** Whether people from other organizations are in a channel or will be soon. */
export function isExternal(channel: JsonObject): boolean {
  return channel['is_ext_shared'] === true || channel['is_pending_ext_shared'] === true;
}

/** Parses a user from `users.list` or `users.info`. Undefined for a deactivated user. */
export function namedUser(user: JsonObject): Named | undefined {
  if (user['deleted'] === true) return undefined;
  const profile = objectOf(user['profile']);
  return named(user['id'], [user['name'], profile['display_name'], user['real_name'] ?? profile['real_name']]);
}

function named(id: JsonValue | undefined, candidates: readonly (JsonValue | undefined)[]): Named | undefined {
  if (typeof id !== 'string') return undefined;
  return { id, names: lowerCase(candidates) };
}

function lowerCase(candidates: readonly (JsonValue | undefined)[]): string[] {
  const names = candidates.filter((name): name is string => typeof name === 'string' && name !== '');
  return names.map((name) => name.normalize('NFC').toLowerCase());
}

function pageOf(answer: JsonObject, key: string, entryOf: (item: JsonObject) => Named | undefined): NamePage {
  const items = answer[key];
  const entries = (Array.isArray(items) ? items : []).flatMap((item) => entryOf(objectOf(item)) ?? []);
  const next = objectOf(answer['response_metadata'])['next_cursor'];
  return typeof next === 'string' && next !== '' ? { entries, next } : { entries };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
