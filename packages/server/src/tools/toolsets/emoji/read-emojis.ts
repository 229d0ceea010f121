import { z } from 'zod';
import { emojiName } from '../../arguments/emoji-name.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { readEmoji } from './emoji-list.ts';

const ALIAS = 'alias:';

/** The tool `slack_read_emojis`, which lists the names of the workspace's custom emoji. */
export const readEmojisTool: Tool = defineTool({
  name: 'slack_read_emojis',
  title: 'Read emoji',
  description:
    "List the names of the workspace's custom emoji. Standard emoji (thumbsup, eyes, …) always exist and are not listed. The resource slack://emojis also lists image URLs.",
  input: () =>
    z.strictObject({
      query: z.string().optional().describe('Only names that contain this text'),
      limit: z.int().min(1).max(10_000).default(500),
    }),
  output: () =>
    z.object({
      total: z.int(),
      names: z.array(z.string()),
      aliases: z.record(z.string(), z.string()).describe('Alias to the emoji it stands for'),
      truncated: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['emoji:read'],
  usage: {
    title: 'How to find emoji',
    arguments: [{ name: 'query', description: 'Part of the emoji name to look for' }],
    when: 'you want to use an emoji of this workspace in a message or as a reaction',
    guidance: [
      'The list has custom emoji only; standard emoji like thumbsup, eyes or tada exist everywhere and need no lookup.',
      'query narrows the list in workspaces with thousands of emoji.',
      'The resource slack://emojis has the complete list with image URLs.',
    ],
  },
  async run({ query = '', limit }, { slack, signal }) {
    const wanted = emojiName(query);
    const matches = Object.entries(await readEmoji(slack, { signal })).filter(([name]) => name.includes(wanted));
    const listed = matches.slice(0, limit);
    return {
      total: matches.length,
      names: listed.map(([name]) => name),
      aliases: Object.fromEntries(
        listed.filter(([, value]) => value.startsWith(ALIAS)).map(([name, value]) => [name, value.slice(ALIAS.length)]),
      ),
      ...(listed.length < matches.length
        ? { truncated: `${listed.length} of ${matches.length} names. Use query or a higher limit to get the others.` }
        : {}),
      ...(matches.length === 0 && { note: noEmoji(wanted) }),
    };
  },
});

/** Returns the note of an answer without emoji, which says what to try next. */
function noEmoji(wanted: string): string {
  const standard = 'Standard emoji, such as thumbsup, exist without being listed.';
  return wanted === ''
    ? `The workspace has no custom emoji. ${standard}`
    : `No custom emoji has “${wanted}” in its name. Try a shorter query, or call without query. ${standard}`;
}
