import type { Toolset } from '../../toolset.ts';
import { searchMessagesTool } from './search-messages.ts';

/** The toolset for searching messages. */
export const search: Toolset = {
  id: 'search',
  description: 'Search messages as the owner of the user token.',
  default: true,
  instructions: [],
  tools: [searchMessagesTool],
};
