import type { Toolset } from '../../toolset.ts';
import { deleteMessageTool } from './delete-message.ts';
import { editMessageTool } from './edit-message.ts';

/** The toolset for editing and deleting messages. */
export const editing: Toolset = {
  id: 'editing',
  description: 'Edit and delete messages that the bot posted.',
  default: false,
  instructions: ['You can edit and delete only messages that the bot posted.'],
  tools: [editMessageTool, deleteMessageTool],
};
