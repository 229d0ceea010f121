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
  instructions: [
    'A message with replies has a thread: pass its ts as thread_ts to the thread tools. The tools write the ts of a message as its date and time, such as 2023-11-14 22:13.20000100: pass it exactly like this.',
  ],
  tools: [postMessageTool, readChannelMessagesTool, readThreadMessagesTool, threadReplyTool],
};
