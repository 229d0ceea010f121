import type { Toolset } from '../../toolset.ts';
import { cancelScheduledMessageTool } from './cancel-scheduled-message.ts';
import { listScheduledMessagesTool } from './list-scheduled-messages.ts';
import { scheduleMessageTool } from './schedule-message.ts';

/** The toolset for scheduling messages. */
export const scheduling: Toolset = {
  id: 'scheduling',
  description: 'Schedule messages, list scheduled messages and cancel them.',
  default: false,
  instructions: [
    'A scheduled message cannot be changed: cancel it with slack_cancel_scheduled_message, and schedule it again.',
  ],
  tools: [scheduleMessageTool, listScheduledMessagesTool, cancelScheduledMessageTool],
};
