import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { fieldsText } from '../../answers/fields-text.ts';
import { fileArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingCharacters } from '../../messages/answer-budget.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { OutputWithContent } from '../../tool-content.ts';
import type { ToolContext } from '../../tool-context.ts';
import { type FileContent, readContent } from './file-content.ts';
import { readableFile } from './readable-file.ts';
import { type SlackFile, toSlackFile } from './slack-file.ts';

/** The tool `slack_read_file`, which reads text, canvases and images. */
export const readFileTool: Tool = defineTool({
  name: 'slack_read_file',
  title: 'Read a file',
  description:
    'Read a file or canvas that is shared in Slack. Returns the text or the image, or a link to a file of another type.',
  input: () =>
    z.strictObject({
      file: fileArgument().describe('File id (F0123456789) or link'),
      offset: z.int().min(0).default(0).describe('next_offset of the previous call'),
    }),
  output: () => z.looseObject({ notice: z.string(), id: z.string(), text: z.string().optional() }),
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
  const { file, channel, as } = await readableFile(id, context);
  const content = await readContent(file, { ...context, as });
  const names = await context.users.namesOf([stringOf(file['user'])].filter(Boolean), context.signal);
  return { shown: toSlackFile(file, channel, names), content };
}

/**
 * Reads a file and, for a text file or canvas, its text. The file resource returns the result.
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

/** Returns the part of a text that begins at an offset and fits into one answer. */
function part(text: string, offset: number): { text: string; next_offset?: number; truncated?: string; note?: string } {
  // No answer is longer than 50,000 characters.
  const rest = text.slice(offset, offset + 60_000);
  const fitting = fittingCharacters(rest);
  const end = offset + (/[\uD800-\uDBFF]$/.test(rest.slice(0, fitting)) ? fitting - 1 : fitting);
  const shown = text.slice(offset, end);
  if (text === '') return { text: shown, note: 'The file is empty.' };
  if (offset >= text.length)
    return { text: shown, note: `The file has ${text.length} characters: pass a smaller offset.` };
  if (end >= text.length) return { text: shown };
  return {
    text: shown,
    next_offset: end,
    truncated: `Characters ${offset} to ${end} of ${text.length}. Call again with offset: ${end} for the rest.`,
  };
}
