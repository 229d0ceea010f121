import type { Toolset } from '../../toolset.ts';
import { listUnreadsTool } from './list-unreads.ts';

/** The toolset for the unread messages of the user token's owner. */
export const unreads: Toolset = {
  id: 'unreads',
  description: 'List unread messages and mentions, as the owner of the user token.',
  default: true,
  instructions: [
    "To read the unread messages of a channel, call slack_read_channel_messages with unread: true; to read a thread's unread replies, call slack_read_thread_messages with oldest: its last_read.",
  ],
  tools: [listUnreadsTool],
};
