import type { JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import { renderSharedFile } from '../../workspace/render-file.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';
import { type MessageMatch, matchingFiles, matchingMessages } from '../search-matches.ts';
import { parseSearchQuery } from '../search-query.ts';

export const searchMethods: Readonly<Record<string, Method>> = {
  // https://docs.slack.dev/reference/methods/search.messages
  'search.messages': {
    tier: 2,
    tokens: ['user'],
    scopes: ['search:read'],
    needsTeam: true,
    acceptsJson: true,
    run(call) {
      const query = queryOf(call);
      const found = matchingMessages(call, parseSearchQuery(call.workspace, call.caller, query));
      return { query, messages: pageOf(call, found, (match) => render(call, match)) };
    },
  },
  // https://docs.slack.dev/reference/methods/search.files
  'search.files': {
    tier: 2,
    tokens: ['user'],
    scopes: ['search:read'],
    needsTeam: true,
    acceptsJson: true,
    run(call) {
      const query = queryOf(call);
      const found = matchingFiles(call, parseSearchQuery(call.workspace, call.caller, query));
      const sees = (id: string): boolean => call.sees(call.workspace.channel(id));
      return { query, files: pageOf(call, found, (file) => renderSharedFile(call.workspace, file, sees)) };
    },
  },
  // https://docs.slack.dev/reference/methods/search.all
  'search.all': {
    tier: 2,
    tokens: ['user'],
    scopes: ['search:read'],
    needsTeam: true,
    acceptsJson: true,
    run(call) {
      const query = queryOf(call);
      const parsed = parseSearchQuery(call.workspace, call.caller, query);
      const sees = (id: string): boolean => call.sees(call.workspace.channel(id));
      return {
        query,
        messages: pageOf(call, matchingMessages(call, parsed), (match) => render(call, match)),
        files: pageOf(call, matchingFiles(call, parsed), (file) => renderSharedFile(call.workspace, file, sees)),
        posts: { total: 0, matches: [] },
      };
    },
  },
};

function queryOf(call: Call): string {
  const text = call.text('query');
  if (text === undefined) throw new SlackApiError('no_query');
  return text;
}

/**
 * Returns a page of `found`, whose items must be sorted from oldest to newest. The simulator does not rank matches: the
 * newest match comes first, unless the call asks for the oldest first.
 */
function pageOf<T>(call: Call, found: T[], rendered: (match: T) => JsonObject): JsonObject {
  const count = Math.min(call.integer('count', { default: 20, max: 100 }), 100);
  const page = call.integer('page', { default: 1, max: 100 });
  const isOldestFirst = call.text('sort') === 'timestamp' && call.text('sort_dir') === 'asc';
  if (!isOldestFirst) found.reverse();
  const shown = found.slice((page - 1) * count, page * count);
  const pages = Math.ceil(found.length / count);
  const first = shown.length === 0 ? 0 : (page - 1) * count + 1;
  return {
    total: found.length,
    matches: shown.map(rendered),
    paging: { count, total: found.length, page, pages },
    pagination: {
      total_count: found.length,
      page,
      per_page: count,
      page_count: pages,
      first,
      last: first + Math.max(0, shown.length - 1),
    },
  };
}

function render({ workspace, caller }: Call, { channel, message }: MessageMatch): JsonObject {
  const { team } = workspace;
  const other = channel.type === 'im' ? [...channel.members].find((member) => member !== caller) : undefined;
  const { user = '', text, ts, blocks, attachments } = renderMessage(workspace, channel, message);
  return {
    iid: `${channel.id}-${ts}`,
    team: team.id,
    score: 0,
    channel: {
      id: channel.id,
      // Direct messages have the id of a user as their name.
      name: other ?? channel.name,
      is_channel: channel.type === 'channel',
      is_group: channel.type === 'group',
      is_im: channel.type === 'im',
      is_mpim: channel.type === 'mpim',
      is_private: channel.type !== 'channel',
      is_shared: channel.isExtShared,
      is_org_shared: false,
      is_ext_shared: channel.isExtShared,
      is_pending_ext_shared: false,
      pending_shared: [],
    },
    type: 'message',
    user,
    username: message.username ?? workspace.findUser(String(user))?.name ?? '',
    ts,
    text,
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
    permalink: permalink(workspace, channel, message),
  };
}
