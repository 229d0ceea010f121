import type { Toolset } from '../../toolset.ts';
import { findTool } from './find.ts';
import { readUserTool } from './read-user.ts';

/** The toolset for finding channels and people. */
export const directory: Toolset = {
  id: 'directory',
  description: 'Find channels, people, user groups and custom emoji, and read profiles.',
  default: true,
  instructions: ['If you do not know the exact name of a channel or person, call slack_find first.'],
  tools: [findTool, readUserTool],
};
