import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';
import { changeReactions } from '../reactions/change-reactions.ts';
import { reactionsInput } from '../reactions/reactions-input.ts';

/** The tool `slack_remove_reactions`, which removes the bot's emoji reactions from a message. */
export const removeReactionsTool: Tool = defineTool({
  name: 'slack_remove_reactions',
  title: 'Remove reactions',
  description:
    'Remove emoji reactions that the bot added to a Slack message. A reaction that is not there counts as removed. Reactions of other people stay.',
  input: reactionsInput,
  output: () =>
    z.object({
      channel: z.string(),
      timestamp: z.string(),
      removed: z.array(z.string()),
      not_there: z.array(z.string()),
      not_removed: z.array(z.string()),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  scopes: ['reactions:write'],
  async run({ channel, timestamp, emojis }, context) {
    const id = await context.channels.resolve(channel, { signal: context.signal });
    return changeReactions(
      { channel: id, timestamp, emojis },
      { method: 'reactions.remove', unchangedError: 'no_reaction', verb: 'removed' },
      ({ changed, unchanged, failed }) => ({
        channel: id,
        timestamp,
        removed: changed,
        not_there: unchanged,
        not_removed: failed,
      }),
      context,
    );
  },
});
