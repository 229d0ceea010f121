import { objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { withoutEffect } from '../../without-effect.ts';
import { SectionError } from './section-error.ts';

/** The form of the ids of sections. Source: docs.slack.dev/reference/methods/canvases.edit. */
const SECTION_ID = /^temp:[A-Z]:[\w-]+$/;

/**
 * Returns the id of the only section of a canvas that contains a text. The text may also be the id of a section.
 *
 * @throws SectionError - no section or several sections contain the text
 * @throws SlackError
 */
export async function sectionId(
  canvas: string,
  text: string,
  { slack, signal }: Pick<ToolContext, 'slack' | 'signal'>,
): Promise<string> {
  if (SECTION_ID.test(text)) return text;
  const args = { canvas_id: canvas, criteria: { contains_text: text } };
  const { sections } = await withoutEffect(() => slack.call('canvases.sections.lookup', args, { signal }));
  const ids = objectsOf(sections).map(({ id }) => stringOf(id));
  const [id, another] = ids;
  if (id === undefined || another !== undefined) throw new SectionError(ids);
  return id;
}
