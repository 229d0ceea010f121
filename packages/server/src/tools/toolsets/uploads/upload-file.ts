import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { channelArgument, idempotencyKeyArgument, threadArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { readLocalFile } from '../../gates/local-file.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { withoutEffect } from '../../without-effect.ts';
import { checkThread } from '../messages/check-thread.ts';

/** Maximum number of characters of the content. */
const MOST_CHARACTERS = 2_000_000;

/**
 * Matches a file name without a path. Not part of the JSON schema, because other languages may not support the syntax.
 */
const FILENAME = /^[^/\\\p{C}]+$/u;

/** The tool `slack_upload_file`, which uploads a file to a channel. */
export const uploadFileTool: Tool = defineTool({
  name: 'slack_upload_file',
  title: 'Upload a file',
  description:
    'Upload a file to a Slack channel or thread, from text, base64 or a path. For text that people only read, post a message instead.',
  input: () =>
    z
      .strictObject({
        channel: channelArgument(),
        filename: z
          .string()
          .min(1)
          .max(255)
          .refine((name) => FILENAME.test(name), 'must be the name of a file without a path, such as "report.csv"')
          .optional(),
        content: z.string().min(1).max(MOST_CHARACTERS).optional(),
        path: z.string().min(1).max(4_096).optional().describe("File on the server's disk, instead of content"),
        encoding: z.enum(['text', 'base64']).default('text').describe('Encoding of content'),
        thread_ts: threadArgument().optional().describe("The first message's ts, to share it in its thread"),
        idempotency_key: idempotencyKeyArgument(),
      })
      .refine(({ content, path }) => (content === undefined) !== (path === undefined), {
        path: ['content'],
        message: 'is required, unless path names a file on the disk of the server: pass one of the two',
      })
      .refine(({ filename, path }) => filename !== undefined || path !== undefined, {
        path: ['filename'],
        message: 'is required with content, such as "report.csv"',
      })
      .refine(({ content = '', encoding }) => encoding === 'text' || content === '' || isBase64(content), {
        path: ['content'],
        message: 'must be base64, such as "SGVsbG8="',
      }),
  output: () => z.object({ channel: z.string(), file_id: z.string(), filename: z.string(), bytes: z.int() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  scopes: ['files:write'],
  usage: {
    title: 'How to upload a file',
    arguments: [CHANNEL_USAGE],
    when: 'people should get a file: a log, a table, a long text, an image',
    guidance: [
      'content: the text of the file, or its bytes as base64 with encoding: "base64". At most 2,000,000 characters.',
      'filename: with an extension, so that Slack shows the file well: report.csv, build.log, chart.png.',
      'Slack shares the file a moment after the answer, and returns no ts. To say something about it, post a message.',
      'path: only for files in folders that the operator of the server allows. Otherwise read the file yourself, and pass its content.',
    ],
  },
  async run({ channel, path, content = '', encoding, thread_ts, idempotency_key: key, ...rest }, context) {
    const { slack, channels, posting, uploadFolders, signal } = context;
    const id = await channels.resolve(channel, { signal });
    const filename = rest.filename ?? basename(path ?? '').replace(/\p{C}/gu, '');
    const bytes =
      path === undefined
        ? Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
        : await readLocalFile(path, uploadFolders);
    const run = async (): Promise<JsonObject> => {
      // Until the last step, the file is in no channel.
      const file = await withoutEffect(async () => {
        if (thread_ts !== undefined) await checkThread(id, thread_ts, context);
        const args = { filename, length: bytes.length };
        const ticket = await slack.call('files.getUploadURLExternal', args, { signal });
        await slack.upload(stringOf(ticket['upload_url']), bytes, { signal });
        return stringOf(ticket['file_id']);
      });
      const files = [{ id: file, title: filename }];
      await slack.call('files.completeUploadExternal', { files, channel_id: id, thread_ts }, { signal });
      return { file_id: file };
    };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const stands = { upload: sha256, channel: id, filename, thread_ts: thread_ts ?? null };
    const done =
      key === undefined
        ? await run()
        : await posting.idempotency.once({ key, caller: posting.caller, content: stands, signal, run });
    return { channel: id, file_id: stringOf(done['file_id']), filename, bytes: bytes.length };
  },
});

/** Whether a text is base64, in the standard or URL-safe alphabet, with or without padding and line breaks. */
function isBase64(text: string): boolean {
  const digits = text.replace(/\s+/g, '');
  return /^[\w+/-]+={0,2}$/.test(digits) && digits.replace(/=+$/, '').length % 4 !== 1;
}
