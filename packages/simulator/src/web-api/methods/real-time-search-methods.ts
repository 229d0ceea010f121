import type { JsonObject } from '../../json.ts';
import { invalidArguments, SlackApiError } from '../../slack-api-error.ts';
import type { Channel, ChannelType, Message } from '../../workspace/model.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import { encodeCursor } from '../cursor.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';
import { type MessageMatch, matchingFiles, matchingMessages } from '../search-matches.ts';
import { parseSearchQuery } from '../search-query.ts';

/** The types of channels in the arguments, with the type in the workspace and the scope that allows it. */
const CHANNEL_TYPES: Readonly<Record<string, { readonly type: ChannelType; readonly scope: string }>> = {
  public_channel: { type: 'channel', scope: 'search:read.public' },
  private_channel: { type: 'group', scope: 'search:read.private' },
  mpim: { type: 'mpim', scope: 'search:read.mpim' },
  im: { type: 'im', scope: 'search:read.im' },
};

const CONTENT_TYPES: readonly string[] = ['messages', 'files'];

/** The prefix of a cursor. Slack's documentation shows `Q1VSUkVOVF9QQUdFOjI=`, which is `CURRENT_PAGE:2`. */
const CURSOR_KIND = 'CURRENT_PAGE';

export const realTimeSearchMethods: Readonly<Record<string, Method>> = {
  // https://docs.slack.dev/reference/methods/assistant.search.context
  // The simulator searches messages and files, by words only, and returns the newest match first.
  'assistant.search.context': {
    tier: 'search',
    scopes: [...Object.values(CHANNEL_TYPES).map(({ scope }) => scope), 'search:read.files', 'search:read.users'],
    checksScopesItself: true,
    acceptsJson: true,
    run(call) {
      // A bot needs the action_token of an event. The events of the simulator contain no such token.
      if (call.actor.kind === 'bot') throw new SlackApiError('invalid_action_token');
      const text = call.text('query');
      if (text === undefined) throw new SlackApiError('missing_query');
      const types = channelTypesOf(call);
      const contents = listOf(call, 'content_types', ['messages']);
      const unknown = contents.find((content) => !CONTENT_TYPES.includes(content));
      if (unknown !== undefined) throw invalidArguments(`the simulator does not search ${unknown}`);
      if (contents.includes('files')) call.requireScope('search:read.files');
      const query = parseSearchQuery(call.workspace, call.caller, text);
      const includes = (channel: Channel): boolean =>
        types.has(channel.type) && (channel.isArchived !== true || call.flag('include_archived_channels') === true);
      const messages = contents.includes('messages')
        ? matchingMessages(call, query).filter(({ channel, message }) => includes(channel) && isWanted(call, message))
        : [];
      const files = contents.includes('files')
        ? matchingFiles(call, query).filter(
            ({ shares, created }) =>
              isInTime(call, created) && shares.some(({ channel }) => includes(call.workspace.channel(channel))),
          )
        : [];
      const [shownMessages, moreMessages] = pageOf(call, messages);
      const [shownFiles, moreFiles] = pageOf(call, files);
      const next = moreMessages || moreFiles ? encodeCursor(CURSOR_KIND, String(pageNumber(call) + 1)) : '';
      return {
        results: {
          ...(contents.includes('messages') && { messages: shownMessages.map((match) => renderMatch(call, match)) }),
          ...(contents.includes('files') && { files: shownFiles.map((file) => renderFoundFile(call, file)) }),
        },
        response_metadata: { next_cursor: next },
      };
    },
  },
};

/** Returns the types of channels to search. @throws SlackApiError `missing_scope` if the token may not search a type */
function channelTypesOf(call: Call): ReadonlySet<ChannelType> {
  return new Set(
    listOf(call, 'channel_types', ['public_channel']).map((name) => {
      const known = CHANNEL_TYPES[name];
      if (known === undefined) throw invalidArguments(`must be a known channel type [json-pointer:/channel_types]`);
      call.requireScope(known.scope);
      return known.type;
    }),
  );
}

/** Returns a list argument: an array, or values separated by commas. */
function listOf(call: Call, name: string, missing: readonly string[]): readonly string[] {
  const value = call.text(name);
  if (value === undefined) return missing;
  const values: unknown = value.startsWith('[') ? call.json(name, 'invalid_array_arg') : value.split(',');
  return Array.isArray(values) ? values.map((entry) => String(entry).trim()) : missing;
}

function isWanted(call: Call, { ts, bot_id: bot }: Message): boolean {
  return (bot === undefined || call.flag('include_bots') === true) && isInTime(call, Number(ts));
}

function isInTime(call: Call, seconds: number): boolean {
  const [after, before] = [call.text('after'), call.text('before')];
  return (after === undefined || seconds > Number(after)) && (before === undefined || seconds < Number(before));
}

function pageNumber(call: Call): number {
  const cursor = call.text('cursor');
  if (cursor === undefined) return 1;
  const page = /^CURRENT_PAGE:([1-9]\d*)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (page === undefined) throw new SlackApiError('invalid_cursor');
  return Number(page);
}

/** Returns the page of `found`, whose items must be oldest first, and whether there are more pages. */
function pageOf<T>(call: Call, found: readonly T[]): readonly [readonly T[], boolean] {
  const limit = call.integer('limit', { default: 20, max: 20 });
  const page = pageNumber(call);
  const isOldestFirst = call.text('sort') === 'timestamp' && call.text('sort_dir') === 'asc';
  const ordered = isOldestFirst ? found : found.toReversed();
  return [ordered.slice((page - 1) * limit, page * limit), ordered.length > page * limit];
}

function renderMatch(call: Call, { channel, message }: MessageMatch): JsonObject {
  const { workspace } = call;
  const { user = '', text, ts, thread_ts: thread, blocks } = renderMessage(workspace, channel, message);
  const other = channel.type === 'im' ? [...channel.members].find((member) => member !== call.caller) : undefined;
  return {
    author_name: message.username ?? workspace.findUser(String(user))?.realName ?? '',
    author_user_id: user,
    team_id: workspace.team.id,
    channel_id: channel.id,
    // Slack's documentation shows no direct messages. The simulator names the other person.
    channel_name: other === undefined ? (channel.name ?? '') : (workspace.findUser(other)?.realName ?? ''),
    message_ts: ts,
    ...(thread !== undefined && { thread_ts: thread }),
    content: text,
    is_author_bot: message.bot_id !== undefined,
    permalink: permalink(workspace, channel, message),
    ...(call.flag('include_message_blocks') === true && blocks !== undefined && { blocks }),
  };
}

/** Returns a file as Slack's documentation shows it: without the conversations that share it. */
function renderFoundFile({ workspace }: Call, file: SharedFile): JsonObject {
  const { id, title, name, mimetype, user, created } = file;
  return {
    uploader_user_id: user,
    author_user_id: user,
    author_name: workspace.findUser(user)?.realName ?? '',
    team_id: workspace.team.id,
    file_id: id,
    date_created: created,
    date_updated: created,
    title,
    file_type: mimetype,
    permalink: `https://${workspace.team.domain}.slack.com/files/${user}/${id}/${encodeURIComponent(name)}`,
    content: title,
  };
}
