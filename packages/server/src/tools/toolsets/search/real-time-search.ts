import type { JsonObject } from '@slack-mcp/core';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import type { SealedAnswer } from '../../gates/sealed-answer.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { isInWindow, type ReadablePage, type SearchArguments, type SearchMethod } from './read-matches.ts';

/** The scopes of the Real-time Search API, with the type of channels that each scope lets the token search. */
const CHANNEL_TYPES: readonly (readonly [scope: string, type: string, plural: string])[] = [
  ['search:read.public', 'public_channel', 'public channels'],
  ['search:read.private', 'private_channel', 'private channels'],
  ['search:read.im', 'im', 'direct messages'],
  ['search:read.mpim', 'mpim', 'group direct messages'],
];

/** The scopes with which `assistant.search.context` can search messages. */
export const REAL_TIME_SCOPES: readonly string[] = CHANNEL_TYPES.map(([scope]) => scope);

/** Maximum number of results on a page of `assistant.search.context`. */
const MOST_RESULTS = 20;

/** Searches messages with `assistant.search.context`, in the types of channels that the scopes allow. */
export function realTimeMessages(
  wanted: SearchArguments,
  scopes: readonly string[],
  context: ToolContext,
): SearchMethod<JsonObject> {
  return {
    ...searchOf('messages', wanted, scopes, context, async (answer) => {
      let next: string | undefined;
      const { items } = await context.channels.readable(
        answer,
        (opened) => {
          next = nextCursor(opened);
          return resultsOf(opened, 'messages')
            .map(asMatch)
            .filter(({ ts }) => isInWindow(wanted, Number(ts)));
        },
        ({ channel }) => (isObject(channel) ? stringOf(channel['id']) || undefined : undefined),
        { signal: context.signal },
      );
      return { items: await labelled(items, context), next };
    }),
    keyOf: ({ channel, ts }) => `${isObject(channel) ? stringOf(channel['id']) : ''} ${stringOf(ts)}`,
  };
}

/**
 * Marks the channels that are shared with other organizations. The answer of `assistant.search.context` does not report
 * them.
 */
async function labelled(
  items: readonly ReadableItem<JsonObject>[],
  { channels, signal }: ToolContext,
): Promise<readonly ReadableItem<JsonObject>[]> {
  const shared = new Set<string>();
  const places = [...new Set(items.map(({ channel }) => channel))].filter((channel) => !channel.startsWith('D'));
  await Promise.all(
    places.map(async (channel) => {
      const { external } = await channels.describe(channel, { signal });
      if (external === true) shared.add(channel);
    }),
  );
  return items.map(({ item, channel }) =>
    shared.has(channel) && isObject(item['channel'])
      ? { item: { ...item, channel: { ...item['channel'], is_ext_shared: true } }, channel }
      : { item, channel },
  );
}

/**
 * Searches files with `assistant.search.context`. Because the answer does not name the channels of a file, each file is
 * read separately.
 *
 * @param read - reads a file with its channels; returns undefined if the file may not be read
 */
export function realTimeFiles<Item>(
  wanted: SearchArguments,
  scopes: readonly string[],
  context: ToolContext,
  { read, keyOf }: { read(id: string): Promise<ReadableItem<Item> | undefined>; keyOf(item: Item): string },
): SearchMethod<Item> {
  return {
    ...searchOf('files', wanted, scopes, context, async (answer) => {
      let next: string | undefined;
      let ids: readonly string[] = [];
      // No file of this answer passes the gate, because the answer names no channel. Each file is read again.
      await context.channels.readable(
        answer,
        (opened) => {
          next = nextCursor(opened);
          ids = resultsOf(opened, 'files')
            .filter(({ date_created: created }) => isInWindow(wanted, Number(created)))
            .map(({ file_id: id }) => stringOf(id));
          return [];
        },
        () => undefined,
      );
      const files = await Promise.all(ids.filter(Boolean).map(read));
      return { items: files.filter((file) => file !== undefined), next };
    }),
    keyOf,
  };
}

function searchOf<Item>(
  contents: 'messages' | 'files',
  { query, count, sort, sort_dir, oldest, latest }: SearchArguments,
  scopes: readonly string[],
  { slack, signal }: ToolContext,
  open: (answer: SealedAnswer) => Promise<ReadablePage<Item>>,
): Omit<SearchMethod<Item>, 'keyOf'> {
  const search = (cursor: string): Promise<SealedAnswer> =>
    slack.call(
      'assistant.search.context',
      {
        query,
        content_types: contents,
        ...(types.length > 0 && { channel_types: types.join(',') }),
        sort,
        sort_dir,
        limit: Math.min(count, MOST_RESULTS),
        include_bots: true,
        include_archived_channels: true,
        ...(contents === 'messages' && { include_message_blocks: true }),
        // Whole seconds. The exact times are compared again.
        ...(oldest !== undefined && { after: Math.floor(Number(oldest)) - 1 }),
        ...(latest !== undefined && { before: Math.ceil(Number(latest)) + 1 }),
        ...(cursor !== '' && { cursor }),
      },
      { signal, as: 'user' },
    );
  const types = CHANNEL_TYPES.filter(([scope]) => scopes.includes(scope)).map(([, type]) => type);
  const lacking = CHANNEL_TYPES.filter(([scope]) => !scopes.includes(scope));
  return {
    cursors: 'next',
    note:
      lacking.length === 0
        ? undefined
        : `Not searched: ${lacking.map(([, , plural]) => plural).join(', ')}. The user token lacks ${lacking.map(([scope]) => scope).join(', ')}.`,
    read: async (page) => open(await search(page)),
  };
}

function resultsOf({ results }: JsonObject, kind: 'messages' | 'files'): readonly JsonObject[] {
  return isObject(results) ? objectsOf(results[kind]) : [];
}

function nextCursor({ response_metadata: metadata }: JsonObject): string | undefined {
  return (isObject(metadata) && stringOf(metadata['next_cursor'])) || undefined;
}

/** Converts a result to the format of a match of `search.messages`. */
function asMatch(result: JsonObject): JsonObject {
  const { author_user_id, author_name, is_author_bot, channel_id, channel_name } = result;
  const { message_ts, thread_ts, content, permalink, blocks } = result;
  return {
    user: stringOf(author_user_id),
    username: stringOf(author_name),
    ...(is_author_bot === true && { bot_profile: { name: stringOf(author_name) } }),
    channel: { id: stringOf(channel_id), name: stringOf(channel_name) },
    ts: stringOf(message_ts),
    ...(thread_ts !== undefined && { thread_ts }),
    text: stringOf(content),
    permalink: stringOf(permalink),
    ...(blocks !== undefined && { blocks }),
  };
}
