import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import { z } from 'zod';
import { fieldsText } from '../../answers/fields-text.ts';
import { fileArgument } from '../../arguments/tool-arguments.ts';
import { orAsPerson } from '../../as-person.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import { fittingCharacters } from '../../messages/answer-budget.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { OutputWithContent } from '../../tool-content.ts';
import type { ToolContext } from '../../tool-context.ts';
import { type FileContent, readContent } from './file-content.ts';
import { byChannel, type SlackFile, toSlackFile } from './slack-file.ts';

/** The tool `slack_read_file`, which reads text, canvases and images. */
export const readFileTool: Tool = defineTool({
  name: 'slack_read_file',
  title: 'Read a file',
  description:
    'Read a file or canvas that is shared in Slack: text as text, images as images, and a link to any other file.',
  input: z.strictObject({
    file: fileArgument.describe('File id (F0123456789) or link'),
    offset: z.int().min(0).default(0).describe('next_offset of the previous call'),
  }),
  output: z.looseObject({ notice: z.string(), id: z.string(), text: z.string().optional() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['files:read'],
  alsoAsPerson: true,
  long: true,
  async run({ file: id, offset }, context) {
    const { shown, content } = await readSharedFile(id, context);
    const output = { notice: NOTICE, ...shown };
    switch (content.kind) {
      case 'text':
        return { ...output, ...part(content.text, offset) };
      case 'image': {
        const data = Buffer.from(content.bytes).toString('base64');
        const smaller = content.isSmaller ? { note: 'The image is a smaller version of the file.' } : {};
        return new OutputWithContent({ ...output, ...smaller }, [{ type: 'image', data, mimeType: content.type }]);
      }
      case 'none': {
        const { link: uri, name, type: mimeType } = shown;
        const links = uri === '' ? [] : [{ type: 'resource_link' as const, uri, name, mimeType }];
        return new OutputWithContent({ ...output, note: `${content.reason} People can open the link.` }, links);
      }
    }
  },
  text({ text, ...facts }) {
    const heading = fieldsText(facts as JsonObject);
    // The content is unchanged and comes last, so that no part of it can pass for a fact.
    return text === undefined ? heading : `${heading}\nContent:\n${text}`;
  },
});

const NOTICE = untrustedNotice('Files');

/**
 * Reads a file and its content.
 *
 * @throws NotAllowedError - no channel that shares the file may be read
 * @throws SlackError
 */
async function readSharedFile(
  id: string,
  context: ToolContext,
): Promise<{ readonly shown: SlackFile; readonly content: FileContent }> {
  const { file, channel, as } = await readInfo(id, context);
  const content = await readContent(file, { ...context, as });
  const names = await context.users.namesOf([stringOf(file['user'])].filter(Boolean), context.signal);
  return { shown: toSlackFile(file, channel, names), content };
}

/**
 * Reads a file, with its text if it has one, for the resource of the file.
 *
 * @throws NotAllowedError - no channel that shares the file may be read
 * @throws SlackError
 */
export async function readFileText(id: string, context: ToolContext): Promise<object> {
  const { shown, content } = await readSharedFile(id, context);
  const output = { notice: NOTICE, ...shown };
  if (content.kind === 'text') return { ...output, ...part(content.text, 0) };
  return { ...output, note: content.kind === 'image' ? 'Read the image with slack_read_file.' : content.reason };
}

/** A file that may be read, and the kind of token that sees it. */
interface FileInfo {
  readonly file: JsonObject;
  /** A channel that shares the file and may be read. */
  readonly channel: string;
  readonly as: TokenKind | undefined;
}

/**
 * @throws NotAllowedError - no channel that shares the file may be read
 * @throws SlackError
 */
async function readInfo(id: string, { slack, channels, signal }: ToolContext): Promise<FileInfo> {
  let kind: TokenKind | undefined;
  const answer = await orAsPerson((as) => {
    kind = as;
    return slack.call('files.info', { file: id }, { signal, ...(as && { as }) });
  });
  const { items, withheld } = await channels.readable(
    answer,
    ({ file }) => byChannel(isObject(file) ? [file] : []),
    (item) => item.channel,
    { signal },
  );
  const [found] = items;
  if (found !== undefined) return { file: found.item.file, channel: found.channel, as: kind };
  if (withheld === 0) throw new NotAllowedError({ setting: SETTING, message: SHARED_NOWHERE });
  throw new NotAllowedError({ setting: SETTING, message: SHARED_ELSEWHERE });
}

const SETTING = 'SLACK_MCP_READ_CHANNELS';
const SHARED_NOWHERE = `The file is shared in no channel, so ${SETTING} cannot be checked.`;
const SHARED_ELSEWHERE = `${SETTING} or SLACK_MCP_EXTERNAL_CHANNELS denies reading every channel that shares the file.`;

/** Returns the part of a text that begins at an offset and fits into one answer. */
function part(text: string, offset: number): { text: string; next_offset?: number; truncated?: string } {
  // No answer is longer than 50,000 characters.
  const rest = text.slice(offset, offset + 60_000);
  const fitting = fittingCharacters(rest);
  const end = offset + (/[\uD800-\uDBFF]$/.test(rest.slice(0, fitting)) ? fitting - 1 : fitting);
  const shown = text.slice(offset, end);
  if (end >= text.length) return { text: shown };
  return {
    text: shown,
    next_offset: end,
    truncated: `Characters ${offset} to ${end} of ${text.length}. Call again with offset: ${end} for the rest.`,
  };
}
