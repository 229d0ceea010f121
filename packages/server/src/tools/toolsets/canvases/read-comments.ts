import { z } from 'zod';
import { fileArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { mentionedNames } from '../../messages/mentioned-names.ts';
import { exactTime, messageLines } from '../../messages/message-lines.ts';
import { slackMessageSchema, toSlackMessage } from '../../messages/slack-message.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { readableFile } from '../files/readable-file.ts';
import { canvasComments, shareThreads } from './comment-threads.ts';

const NOTICE = untrustedNotice('Comments');

/** The media type of canvases. */
const CANVAS = 'application/vnd.slack-docs';

/** The tool `slack_read_comments`, which reads the comments on a canvas or a file. */
export const readCommentsTool: Tool = defineTool({
  name: 'slack_read_comments',
  title: 'Read comments',
  description:
    'Read the comments on a Slack canvas or file: comments on parts of a canvas, and replies to messages that share the canvas or file.',
  input: () =>
    z.strictObject({
      file: fileArgument().describe('Id (F0123456789) or link of the canvas or file'),
      limit: z.int().min(1).max(20).default(10).describe('Maximum number of threads of each kind'),
    }),
  output: () =>
    z.object({
      notice: z.string(),
      file: z.string(),
      link: z.string(),
      threads: z.array(
        z.object({
          channel: z.string(),
          thread_ts: z.string(),
          about: z.string(),
          comments: z.array(slackMessageSchema()),
          has_more: z.literal(true).optional(),
        }),
      ),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['files:read'],
  moreScopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  alsoAsPerson: true,
  long: true,
  async run({ file: id, limit }, context) {
    const { file } = await readableFile(id, context);
    const isCanvas = file['mimetype'] === CANVAS || file['mode'] === 'quip' || file['mode'] === 'canvas';
    const onParts = isCanvas ? await canvasComments(id, limit, context) : [];
    const found = [...(typeof onParts === 'string' ? [] : onParts), ...(await shareThreads(file, limit, context))];
    const messages = found.flatMap(({ comments }) => comments);
    const authors = messages.map(({ user }) => stringOf(user)).filter(Boolean);
    const names = await mentionedNames(authors, messages, context);
    const all = found.map(({ channel, ts, about, comments, hasMore }) => ({
      channel,
      thread_ts: ts,
      about: about === undefined ? SHARED : `“${about}”`,
      comments: comments.map((message) => toSlackMessage(message, names)),
      ...(hasMore && { has_more: true as const }),
    }));
    const threads = all.slice(0, fittingItems(all));
    const notes = [
      ...(messages.length === 0 ? [NO_COMMENTS] : []),
      ...(threads.length < all.length ? [`Only ${threads.length} of ${all.length} threads fit into one answer.`] : []),
      ...(typeof onParts === 'string'
        ? [`Comments on parts of the canvas are not shown: ${onParts}. ${UNDOCUMENTED}`]
        : []),
    ];
    return {
      notice: NOTICE,
      file: id,
      link: stringOf(file['permalink']),
      threads,
      ...(notes.length > 0 && { note: notes.join(' ') }),
    };
  },
  text: ({ notice, file, link, threads, note = '' }) =>
    [
      `Comments on ${file} (${link}): ${threads.length === 0 ? 'none' : ''}`.trim(),
      ...(threads.length === 0 ? [] : [notice]),
      ...threads.flatMap(({ channel, thread_ts, about, comments, has_more: more }) => [
        `Thread ${exactTime(thread_ts)} in ${channel}, on ${about.replace(/\s+/g, ' ')}: ${comments.length === 0 ? 'no comments' : ''}`.trim(),
        ...(comments.length === 0 ? [] : [messageLines(comments, thread_ts)]),
        ...(more ? ['Read earlier ones with slack_read_thread_messages.'] : []),
      ]),
      note,
    ]
      .filter(Boolean)
      .join('\n'),
});

const NO_COMMENTS =
  'No comments found. To write one, call slack_thread_reply with the channel and thread_ts of a message that shares it.';
const SHARED = 'the message that shares it';
const UNDOCUMENTED = 'Slack documents no method that reads them. People see them at the link.';
