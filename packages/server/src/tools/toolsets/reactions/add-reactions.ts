import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { changeReactions } from './change-reactions.ts';
import { reactionsInput } from './reactions-input.ts';

/** The tool `slack_add_reactions`, which adds emoji reactions to a message. */
export const addReactionsTool: Tool = defineTool({
  name: 'slack_add_reactions',
  title: 'Add reactions',
  description: 'Add emoji reactions to a Slack message. A reaction that the bot has already added counts as added.',
  input: reactionsInput,
  output: () =>
    z.object({
      channel: z.string(),
      timestamp: z.string(),
      added: z.array(z.string()),
      already_there: z.array(z.string()),
      not_added: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  scopes: ['reactions:write'],
  usage: {
    title: 'How to add reactions',
    arguments: [CHANNEL_USAGE, { name: 'timestamp', description: "The message's ts" }],
    when: 'a reaction says enough: seen, done, agreed',
    guidance: [
      'timestamp: the ts of the message; it can be a reply in a thread.',
      'emojis: names without colons, like thumbsup. Write a skin tone like thumbsup::skin-tone-2.',
      'A reaction that is already there counts as done, so calling again is safe.',
    ],
  },
  async run({ channel, timestamp, emojis }, context) {
    const id = await context.channels.resolve(channel, { signal: context.signal });
    return changeReactions(
      { channel: id, timestamp, emojis },
      { method: 'reactions.add', unchangedError: 'already_reacted', verb: 'added' },
      ({ changed, unchanged, failed }) => ({
        channel: id,
        timestamp,
        added: changed,
        already_there: unchanged,
        not_added: failed,
      }),
      context,
    );
  },
});
