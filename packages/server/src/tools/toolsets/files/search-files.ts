import { SlackApiError } from '@slack-mcp/slack';
import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import type { ToolContext } from '../../tool-context.ts';
import { SEARCH_SCOPE, searchWithScopes } from '../search/choose-search.ts';
import { composeQuery } from '../search/compose-query.ts';
import { noteOf, nothingFound } from '../search/nothing-found.ts';
import { realTimeFiles } from '../search/real-time-search.ts';
import { cursorOf, nextSearchCursor, SORTS, searchArguments } from '../search/search-arguments.ts';
import { type MatchKind, searchByPages } from '../search/search-by-pages.ts';
import { readableFile } from './readable-file.ts';
import { byChannel, type FileInChannel, toSlackFile } from './slack-file.ts';

/** The scopes with which `assistant.search.context` can search files. */
const REAL_TIME = ['search:read.files'];

/** The tool `slack_search_files`, which searches the files that the owner of the user token can see. */
export const searchFilesTool: Tool = defineTool({
  name: 'slack_search_files',
  title: 'Search files',
  description:
    'Search files in Slack by name, title and content, as the owner of the user token. Read a match with slack_read_file.',
  input: searchArguments,
  output: () =>
    z.object({
      query: z.string(),
      notice: z.string(),
      files: z.array(z.looseObject({ id: z.string(), name: z.string() })),
      has_more: z.boolean(),
      next_cursor: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: [SEARCH_SCOPE, ...REAL_TIME],
  manifestScopes: [SEARCH_SCOPE],
  tokens: ['user'],
  long: true,
  async run({ sort, limit, cursor, ...wanted }, context) {
    const query = await composeQuery(wanted, context);
    const from = cursorOf(cursor);
    const args = { query, count: limit, ...SORTS[sort], oldest: wanted.oldest, latest: wanted.latest };
    const methods = {
      byPages: searchByPages(FILES, args, context),
      realTime: (scopes: readonly string[]) =>
        realTimeFiles(args, scopes, context, { read: (id) => fileInChannel(id, context), keyOf: FILES.keyOf }),
      realTimeScopes: REAL_TIME,
    };
    const found = await searchWithScopes(methods, from, context);
    const authors = found.matches.map(({ item }) => stringOf(item.file['user'])).filter(Boolean);
    const names = await context.users.namesOf(authors, context.signal);
    const files = found.matches.map(({ item, channel }) => ({ ...toSlackFile(item.file, channel, names) }));
    const fitting = fittingItems(files);
    const next = nextSearchCursor(found, from, fitting);
    return {
      query,
      notice: NOTICE,
      files: files.slice(0, fitting),
      has_more: next !== undefined,
      ...(next === undefined ? {} : { next_cursor: next }),
      ...noteOf(nothingFound(files.length, 'files', from, next), found.note),
    };
  },
});

/** Slack's errors for a file that was deleted, or that no token of this server can read. */
const GONE: ReadonlySet<string> = new Set(['file_not_found', 'file_deleted']);

const NOTICE = untrustedNotice('Names of files');

const FILES: MatchKind<FileInChannel> = {
  method: 'search.files',
  list: 'files',
  itemsOf: (matches, isInTime) => byChannel(matches.filter(({ created }) => isInTime(Number(created)))),
  idOf: ({ channel }) => channel,
  keyOf: ({ file }) => stringOf(file['id']),
};

/** Reads a file that was found without its channels. Returns undefined if it may not be read, or no longer exists. */
async function fileInChannel(id: string, context: ToolContext): Promise<ReadableItem<FileInChannel> | undefined> {
  try {
    const { file, channel } = await readableFile(id, context);
    return channel === undefined ? undefined : { item: { file, channel }, channel };
  } catch (error) {
    if (error instanceof NotAllowedError) return undefined;
    if (error instanceof SlackApiError && GONE.has(error.slackError)) return undefined;
    throw error;
  }
}
