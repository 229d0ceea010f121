import type { Toolset } from '../../toolset.ts';
import { readUserGroupTool } from './read-user-group.ts';

/** The toolset for reading user groups. */
export const userGroups: Toolset = {
  id: 'user-groups',
  description: 'Read the members of user groups.',
  default: true,
  instructions: [],
  tools: [readUserGroupTool],
};
