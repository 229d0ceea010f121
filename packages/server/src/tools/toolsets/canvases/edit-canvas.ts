import type { JsonObject } from '@slack-mcp/core';
import { SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import { channelArgument, fileArgument, idempotencyKeyArgument } from '../../arguments/tool-arguments.ts';
import { confirm } from '../../confirm.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { neutraliseBroadcasts } from '../../gates/neutralise-broadcasts.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { oncePerKey } from '../../once-per-key.ts';
import type { ToolContext } from '../../tool-context.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { passEditableFile } from '../files/editable-file.ts';
import { sectionId } from './canvas-section.ts';
import { channelCanvas } from './channel-canvas.ts';

/** The operations of `canvases.edit` by action. Source: docs.slack.dev/reference/methods/canvases.edit. */
const OPERATIONS = {
  append: 'insert_at_end',
  prepend: 'insert_at_start',
  insert_after: 'insert_after',
  insert_before: 'insert_before',
  replace: 'replace',
  delete: 'delete',
} as const;

const ACTIONS = ['create', 'append', 'prepend', 'insert_after', 'insert_before', 'replace', 'delete'] as const;

/** Maximum number of characters of Markdown. Source: docs.slack.dev/reference/methods/canvases.create. */
const MOST_CHARACTERS = 1_048_576;

function input() {
  return z
    .strictObject({
      action: z.enum(ACTIONS),
      canvas: fileArgument().optional().describe('Canvas id (F0123456789) or link; not for create'),
      channel: channelArgument()
        .optional()
        .describe(
          'create: the channel of the new canvas; else, instead of canvas, the channel whose own canvas to change',
        ),
      title: z.string().min(1).max(255).optional().describe('Title of a new canvas'),
      as_channel_canvas: z.boolean().default(false).describe("Create the channel's own canvas"),
      section: z.string().min(1).max(500).optional().describe('Text that only this section contains, or its id'),
      content: z.string().min(1).max(MOST_CHARACTERS).optional().describe('Markdown'),
      idempotency_key: idempotencyKeyArgument(),
    })
    .check(({ value, issues }) => {
      const refuse = (argument: string, message: string): void => {
        issues.push({ code: 'custom', path: [argument], message, input: value });
      };
      const { action, section } = value;
      if (action === 'create') {
        if (value.channel === undefined) refuse('channel', 'needed to create a canvas');
        if (value.canvas !== undefined) refuse('canvas', 'not for create; to change this canvas, use another action');
        if (section !== undefined) refuse('section', 'not for create');
        return;
      }
      if ((value.canvas === undefined) === (value.channel === undefined)) {
        refuse('canvas', `${action} needs either canvas or channel`);
      }
      if (value.title !== undefined) refuse('title', 'only for create');
      if (value.as_channel_canvas) refuse('as_channel_canvas', 'only for create');
      const takesSection = action === 'replace' || action === 'delete' || action.startsWith('insert_');
      if (section !== undefined && !takesSection) refuse('section', `not for ${action}`);
      if (section === undefined && takesSection && action !== 'replace') refuse('section', `needed for ${action}`);
      if (action === 'delete' && value.content !== undefined) refuse('content', 'not for delete');
      if (action !== 'delete' && value.content === undefined) refuse('content', `needed for ${action}`);
    });
}

/** The tool `slack_edit_canvas`, which creates and changes canvases. */
export const editCanvasTool: Tool = defineTool({
  name: 'slack_edit_canvas',
  title: 'Create or edit a canvas',
  description:
    'Create a Slack canvas in a channel, or change one: append or prepend Markdown, insert it before or after a section, or replace or delete a section. The action "replace" without section replaces the whole canvas.',
  input,
  output: () => z.object({ canvas: z.string(), channel: z.string().optional(), section: z.string().optional() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
  scopes: ['canvases:write'],
  moreScopes: ['canvases:read'],
  usage: {
    title: 'How to create or edit a canvas',
    arguments: [CHANNEL_USAGE],
    when: 'people should keep and edit a document together: a runbook, notes, a plan',
    guidance: [
      'Read the canvas first with slack_read_file, and change only what should change.',
      'section: a text that is in one line of the canvas and in no other. If several sections contain it, nothing is changed.',
      'content: Markdown with headings, lists, checklists, tables, quotes and code. ![](@U0123456789) mentions a person.',
      'as_channel_canvas: true creates the canvas of the channel itself; each channel can have only one. To change it later, pass channel instead of canvas.',
      'Before content is replaced or deleted, the server asks the user, if the client supports questions.',
    ],
  },
  async run({ action, ...given }, context) {
    const { content, idempotency_key: key } = given;
    const document =
      content === undefined ? {} : { document_content: { type: 'markdown', markdown: safe(content, context) } };
    return action === 'create'
      ? create({ ...given, channel: given.channel ?? '', document }, context, key)
      : edit({ ...given, action, document }, context, key);
  },
});

type CanvasContent = { readonly document_content?: { readonly type: string; readonly markdown: string } };

interface NewCanvas {
  readonly channel: string;
  readonly title?: string | undefined;
  readonly as_channel_canvas: boolean;
  readonly document: CanvasContent;
}

async function create(
  { channel, title, as_channel_canvas: isChannelCanvas, document }: NewCanvas,
  context: ToolContext,
  key: string | undefined,
) {
  const { slack, channels, signal } = context;
  const id = await channels.resolve(channel, { signal });
  const method = isChannelCanvas ? 'conversations.canvases.create' : 'canvases.create';
  const content = { method, channel: id, title: title ?? null, ...document };
  const run = async (): Promise<JsonObject> => {
    const args = { channel_id: id, ...(title !== undefined && { title }), ...document };
    const canvas = stringOf((await slack.call(method, args, { signal }))['canvas_id']);
    // It is unknown whether a canvas without an id exists.
    if (canvas === '') throw new SlackNetworkError(method, 'invalid_answer');
    return { canvas };
  };
  const done = await oncePerKey({ key, content, run }, context);
  return { canvas: stringOf(done['canvas']), channel: id };
}

interface CanvasEdit {
  readonly action: keyof typeof OPERATIONS;
  readonly canvas?: string | undefined;
  /** The channel whose own canvas is changed, if there is no id. */
  readonly channel?: string | undefined;
  readonly section?: string | undefined;
  readonly document: CanvasContent;
}

async function edit(given: CanvasEdit, context: ToolContext, key: string | undefined) {
  const { action, section, document } = given;
  const { slack, ask, signal } = context;
  const canvas = await editableCanvas(given, context);
  const content = { canvas, action, section: section ?? null, ...document };
  const run = async (): Promise<JsonObject> => {
    const id = section === undefined ? undefined : await sectionId(canvas, section, context);
    if (action === 'delete' || action === 'replace') {
      const what = id === undefined ? 'the whole content' : 'a section';
      await confirm(ask, async () => `${action === 'delete' ? 'Delete' : 'Replace'} ${what} of the canvas ${canvas}?`);
    }
    const changes = [{ operation: OPERATIONS[action], ...(id !== undefined && { section_id: id }), ...document }];
    await slack.call('canvases.edit', { canvas_id: canvas, changes }, { signal });
    return { canvas, ...(id !== undefined && { section: id }) };
  };
  const done = await oncePerKey({ key, content, run }, context);
  const changed = stringOf(done['section']);
  return { canvas, ...(changed !== '' && { section: changed }) };
}

/** Returns the id of a canvas that may be changed. */
async function editableCanvas({ canvas, channel = '' }: CanvasEdit, context: ToolContext): Promise<string> {
  if (canvas === undefined) return channelCanvas(channel, context);
  await passEditableFile(canvas, 'canvas', context);
  return canvas;
}

function safe(markdown: string, { posting }: ToolContext): string {
  return posting.allowBroadcast ? markdown : neutraliseBroadcasts(markdown, { markdown: true });
}
