import type { Toolset } from '../../toolset.ts';
import { editListTool } from './edit-list.ts';
import { readListTool } from './read-list.ts';

/** The toolset for reading and editing lists. */
export const lists: Toolset = {
  id: 'lists',
  description: 'Read, create and edit lists.',
  default: false,
  instructions: ['Names of columns and choices of a list are in the answer of slack_read_list.'],
  tools: [readListTool, editListTool],
};
