import { isJsonObject, type JsonObject } from '../../json.ts';
import { invalidArguments, refuse, SlackApiError } from '../../slack-api-error.ts';
import { type CanvasSection, sectionText, sectionType } from '../../workspace/canvas-sections.ts';
import type { SharedFile } from '../../workspace/shared-files.ts';
import type { Call } from '../call.ts';
import { giveAccess, mayEdit, takeAccess } from '../file-access.ts';
import type { Method } from '../method.ts';

/** Maximum number of characters of Markdown, as documented for `canvases.create`. */
const MOST_CHARACTERS = 1_048_576;

const HEADINGS: ReadonlySet<unknown> = new Set(['h1', 'h2', 'h3']);

/** Methods for canvases. Slack documents them at https://docs.slack.dev/reference/methods. */
export const canvasMethods: Readonly<Record<string, Method>> = {
  'canvases.create': {
    tier: 2,
    scopes: ['canvases:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.text('channel_id') === undefined ? undefined : call.memberChannel('channel_id');
      const canvas = create(call);
      // The canvas is a tab of the channel. The pages do not say which field of the file names the channel.
      if (channel !== undefined) canvas.shares.push({ channel: channel.id, ts: call.workspace.clock.nextTs() });
      return { canvas_id: canvas.id };
    },
  },
  'conversations.canvases.create': {
    tier: 2,
    scopes: ['canvases:write'],
    acceptsJson: true,
    run(call) {
      const { uploads, clock } = call.workspace;
      const { canvases } = uploads;
      const channel = call.memberChannel('channel_id');
      if (canvases.ofChannels.has(channel.id)) refuse('channel_canvas_already_exists');
      const canvas = create(call);
      canvases.ofChannels.set(channel.id, canvas.id);
      canvas.shares.push({ channel: channel.id, ts: clock.nextTs() });
      return { canvas_id: canvas.id };
    },
  },
  'canvases.edit': {
    tier: 3,
    scopes: ['canvases:write'],
    acceptsJson: true,
    run(call) {
      const canvas = seenCanvas(call);
      // Documented: the actor needs write access to the canvas.
      if (!mayEdit(call, canvas)) refuse('restricted_action');
      const [change, another] = call.jsonList('changes', 'invalid_arguments') ?? [];
      // Documented: "Only one operation per API call is currently supported."
      if (change === undefined || another !== undefined) throw invalidArguments('changes must have one item');
      edit(call, canvas, change);
      return {};
    },
  },
  'canvases.access.set': changing((call, canvas) => giveAccess(call, canvas)),
  'canvases.access.delete': changing((call, canvas) => takeAccess(call, canvas)),
  'canvases.delete': changing((call, { id }) => {
    const { files, canvases } = call.workspace.uploads;
    for (const [channel, canvas] of canvases.ofChannels) if (canvas === id) canvases.ofChannels.delete(channel);
    files.delete(id);
  }),
  'canvases.sections.lookup': {
    tier: 3,
    scopes: ['canvases:read'],
    acceptsJson: true,
    run(call) {
      const canvas = seenCanvas(call);
      const criteria = call.jsonObject('criteria', 'invalid_arguments') ?? {};
      const types: unknown[] = Array.isArray(criteria.section_types) ? criteria.section_types : [];
      const { contains_text: text } = criteria;
      if (types.length === 0 && typeof text !== 'string') throw invalidArguments('criteria must not be empty');
      const found = call.workspace.uploads.canvases.sections(canvas.id).filter(({ html }) => {
        const type = sectionType(html);
        const isType =
          types.length === 0 || types.includes(type) || (types.includes('any_header') && HEADINGS.has(type));
        return isType && (typeof text !== 'string' || sectionText(html).includes(text));
      });
      return { sections: found.map(({ id }) => ({ id })) };
    },
  },
};

/** Returns a method that changes a canvas itself, which needs write access. */
function changing(change: (call: Call, canvas: SharedFile) => void): Method {
  return {
    tier: 3,
    scopes: ['canvases:write'],
    acceptsJson: true,
    run(call) {
      const canvas = seenCanvas(call);
      if (!mayEdit(call, canvas)) refuse('restricted_action');
      change(call, canvas);
      return {};
    },
  };
}

function create(call: Call): SharedFile {
  const { workspace, caller: user } = call;
  const id = workspace.newId('F');
  const markdown = markdownOf(call.jsonObject('document_content', 'invalid_arguments'));
  return workspace.uploads.canvases.create({
    id,
    title: call.text('title') ?? '',
    markdown: markdown ?? '',
    user,
    created: workspace.clock.seconds(),
  });
}

/** Returns the canvas that the call names. */
function seenCanvas(call: Call): SharedFile {
  const canvas = call.workspace.uploads.canvases.get(call.requiredText('canvas_id'));
  return canvas !== undefined && call.seesFile(canvas) ? canvas : refuse('canvas_not_found');
}

function edit(call: Call, { id }: SharedFile, { operation, section_id, document_content }: JsonObject): void {
  const { canvases } = call.workspace.uploads;
  const sections = canvases.sections(id);
  const markdown = markdownOf(isJsonObject(document_content) ? document_content : undefined);
  if (markdown === undefined && operation !== 'delete')
    throw invalidArguments('missing required field: document_content');
  const { at, count } = placeOf(operation, section_id, sections);
  canvases.replace(id, at, count, operation === 'delete' ? '' : (markdown ?? ''));
}

/** Returns the position of the first section to replace, and the number of sections to replace. */
function placeOf(
  operation: unknown,
  sectionId: unknown,
  sections: readonly CanvasSection[],
): { at: number; count: number } {
  if (operation === 'insert_at_start') return { at: 0, count: 0 };
  if (operation === 'insert_at_end') return { at: sections.length, count: 0 };
  if (operation === 'replace' && sectionId === undefined) return { at: 0, count: sections.length };
  const at = sections.findIndex(({ id }) => id === sectionId);
  if (at < 0) throw new SlackApiError('canvas_editing_failed', { detail: 'no section has this id' });
  if (operation === 'insert_before') return { at, count: 0 };
  if (operation === 'insert_after') return { at: at + 1, count: 0 };
  if (operation === 'delete' || operation === 'replace') return { at, count: 1 };
  throw invalidArguments('unknown operation');
}

function markdownOf(content: JsonObject | undefined): string | undefined {
  if (content === undefined) return undefined;
  const { type, markdown } = content;
  if (type !== 'markdown' || typeof markdown !== 'string') throw invalidArguments('document_content must be Markdown');
  if (markdown.length > MOST_CHARACTERS) throw invalidArguments(`markdown must be less than ${MOST_CHARACTERS + 1}`);
  return markdown;
}
