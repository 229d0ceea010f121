import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { SlackPort } from '@slack-mcp/slack';
import { SlackApiError } from '@slack-mcp/slack';
import { decodeEntities } from '../messages/readable-text.ts';
import type { NamePage } from './name-list.ts';
import type { Named } from './names.ts';

/** Reads a page of one kind of names. */
export type ReadNames = (cursor: string | undefined, signal: AbortSignal) => Promise<NamePage>;

const PAGE_SIZE = 999;

/**
 * Reads the channels that the token can see, except archived channels. Without the scope `groups:read`, reads only
 * public channels.
 */
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

/**
 * Reads the existing direct messages. The name of a direct message is the ID of its user, in lower case like all names.
 */
export function readDirectMessages(slack: SlackPort): ReadNames {
  return async (cursor, signal) => {
    const args = { types: 'im', limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    return pageOf(await slack.call('conversations.list', args, { signal }), 'channels', ({ id, user }) =>
      named(id, [user]),
    );
  };
}

/** Reads the active users, with handle, display name and full name. */
export function readUserNames(slack: SlackPort): ReadNames {
  return async (cursor, signal) => {
    const args = { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    return pageOf(await slack.call('users.list', args, { signal }), 'members', namedUser);
  };
}

/** Reads the enabled user groups, with handle and name. */
export function readUserGroupNames(slack: SlackPort): ReadNames {
  return async (_cursor, signal) =>
    pageOf(await slack.call('usergroups.list', {}, { signal }), 'usergroups', ({ id, handle, name, description }) =>
      described(named(id, [handle, name]), [name], [description]),
    );
}

/** Reads the workspace's custom emoji. The ID of an alias is the name of its target emoji. */
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
  const notes = [objectOf(channel['topic'])['value'], objectOf(channel['purpose'])['value']];
  const otherNames = lowerCase([channel['name_normalized'], ...(Array.isArray(previous) ? previous : [])]).filter(
    (name) => !entry.names.includes(name),
  );
  return {
    ...entry,
    ...described(entry, [], notes),
    ...(isExternal(channel) ? { external: true } : {}),
    ...(otherNames.length === 0 ? {} : { otherNames: [...new Set(otherNames)] }),
  };
}

/** Whether people from other organizations are members of a channel, or are invited to it. */
export function isExternal(channel: JsonObject): boolean {
  return channel['is_ext_shared'] === true || channel['is_pending_ext_shared'] === true;
}

/** Parses a user from `users.list` or `users.info`. Returns undefined for a deactivated user. */
export function namedUser(user: JsonObject): Named | undefined {
  if (user['deleted'] === true) return undefined;
  const profile = objectOf(user['profile']);
  const realName = user['real_name'] ?? profile['real_name'];
  const entry = named(user['id'], [user['name'], profile['display_name'], realName]);
  return described(
    entry,
    [realName, profile['display_name']],
    [profile['title'], user['is_bot'] === true ? 'bot' : ''],
  );
}

const LONGEST_NOTE = 300;

/**
 * Adds the label and the description of an entry, which are searched and shown to people.
 *
 * @param labels - candidates for the label; the first text that is set becomes the label
 * @param notes - the texts that together form the description
 */
function described(
  entry: Named | undefined,
  labels: readonly (JsonValue | undefined)[],
  notes: readonly (JsonValue | undefined)[],
): Named | undefined {
  if (entry === undefined) return undefined;
  const label = textsOf(labels)[0];
  const about = [...new Set(textsOf(notes))].join(' – ').slice(0, LONGEST_NOTE).toWellFormed();
  return {
    ...entry,
    ...(label === undefined || entry.names.includes(label) ? {} : { label }),
    ...(about === '' ? {} : { about }),
  };
}

function named(id: JsonValue | undefined, candidates: readonly (JsonValue | undefined)[]): Named | undefined {
  if (typeof id !== 'string') return undefined;
  return { id, names: lowerCase(candidates) };
}

function lowerCase(candidates: readonly (JsonValue | undefined)[]): string[] {
  return textsOf(candidates).map((name) => name.normalize('NFC').toLowerCase());
}

function textsOf(candidates: readonly (JsonValue | undefined)[]): string[] {
  return candidates.map((text) => (typeof text === 'string' ? decodeEntities(text) : '')).filter(Boolean);
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
