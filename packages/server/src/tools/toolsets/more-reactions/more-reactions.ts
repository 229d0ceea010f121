import type { Toolset } from '../../toolset.ts';
import { getReactionsTool } from './get-reactions.ts';
import { removeReactionsTool } from './remove-reactions.ts';

/** The toolset for removing reactions and for reading who reacted. */
export const moreReactions: Toolset = {
  id: 'more-reactions',
  description: 'Remove reactions of the bot, and read who reacted to a message.',
  default: false,
  instructions: [],
  tools: [getReactionsTool, removeReactionsTool],
};
