import type { Toolset } from '../../toolset.ts';
import { addReactionsTool } from './add-reactions.ts';

/** Reactions on messages. */
export const reactions: Toolset = {
  id: 'reactions',
  description: 'Add emoji reactions to messages.',
  default: true,
  instructions: [],
  tools: [addReactionsTool],
};
