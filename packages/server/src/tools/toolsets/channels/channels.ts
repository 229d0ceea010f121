import type { Toolset } from '../../toolset.ts';
import { joinChannelTool } from './join-channel.ts';
import { markReadTool } from './mark-read.ts';
import { openConversationTool } from './open-conversation.ts';

/** The toolset for joining channels, opening direct messages and marking messages as read. */
export const channels: Toolset = {
  id: 'channels',
  description: 'Join public channels, open direct messages, and mark messages as read.',
  default: false,
  instructions: ['If Slack answers not_in_channel for a public channel, join it with slack_join_channel.'],
  tools: [joinChannelTool, openConversationTool, markReadTool],
};
