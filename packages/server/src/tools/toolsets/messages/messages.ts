import type { Toolset } from '../../toolset.ts';
import { postMessageTool } from './post-message.ts';
import { readChannelMessagesTool } from './read-channel-messages.ts';
import { readThreadMessagesTool } from './read-thread-messages.ts';
import { threadReplyTool } from './thread-reply.ts';

/** The toolset for reading and posting messages. */
export const messages: Toolset = {
  id: 'messages',
  description: 'Read and post messages in channels, threads and direct messages.',
  default: true,
  instructions: ['A message with reply_count has a thread: pass its ts as thread_ts to the thread tools.'],
  tools: [postMessageTool, readChannelMessagesTool, readThreadMessagesTool, threadReplyTool],
};
