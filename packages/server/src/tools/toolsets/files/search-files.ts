import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { composeQuery } from '../search/compose-query.ts';
import { readMatches, type SearchKind } from '../search/read-matches.ts';
import { cursorOf, nextSearchCursor, SORTS, searchArguments } from '../search/search-arguments.ts';
import { byChannel, type FileInChannel, toSlackFile } from './slack-file.ts';

/** The tool `slack_search_files`, which searches the files that the owner of the user token can see. */
export const searchFilesTool: Tool = defineTool({
  name: 'slack_search_files',
  title: 'Search files',
  description:
    "Search files in Slack by name, title and content, with the access of the user token's owner. Read a match with slack_read_file.",
  input: searchArguments,
  output: z.object({
    query: z.string(),
    notice: z.string(),
    files: z.array(z.looseObject({ id: z.string(), name: z.string() })),
    has_more: z.boolean(),
    next_cursor: z.string().optional(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['search:read'],
  tokens: ['user'],
  long: true,
  async run({ sort, limit, cursor, ...wanted }, context) {
    const query = await composeQuery(wanted, context);
    const from = cursorOf(cursor);
    const found = await readMatches(FILES, { query, count: limit, ...SORTS[sort] }, { ...wanted, from }, context);
    const authors = found.matches.map(({ item }) => stringOf(item.file['user'])).filter(Boolean);
    const names = await context.users.namesOf(authors, context.signal);
    const files = found.matches.map(({ item, channel }) => ({ ...toSlackFile(item.file, channel, names) }));
    const fitting = fittingItems(files);
    const next = nextSearchCursor(found, from, { fitting, count: files.length });
    return {
      query,
      notice: NOTICE,
      files: files.slice(0, fitting),
      has_more: next !== undefined,
      ...(next === undefined ? {} : { next_cursor: next }),
    };
  },
});

const NOTICE = untrustedNotice('Names of files');

const FILES: SearchKind<FileInChannel> = {
  method: 'search.files',
  list: 'files',
  itemsOf: (matches, isInTime) => byChannel(matches.filter(({ created }) => isInTime(Number(created)))),
  idOf: ({ channel }) => channel,
  keyOf: ({ file }) => stringOf(file['id']),
};
