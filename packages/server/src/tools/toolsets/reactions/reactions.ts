import type { Toolset } from '../../toolset.ts';
import { addReactionsTool } from './add-reactions.ts';

/** The toolset for adding reactions to messages. */
export const reactions: Toolset = {
  id: 'reactions',
  description: 'Add emoji reactions to messages.',
  default: true,
  instructions: [],
  tools: [addReactionsTool],
};
