import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { readEmojisTool } from './emoji/read-emojis.ts';
import { postMessageTool } from './messages/post-message.ts';
import { readChannelMessagesTool } from './messages/read-channel-messages.ts';
import { readThreadMessagesTool } from './messages/read-thread-messages.ts';
import { threadReplyTool } from './messages/thread-reply.ts';
import { addReactionsTool } from './reactions/add-reactions.ts';

/** Every tool there is, in the order in which clients see them. */
export const allTools: ToolRegistry = createToolRegistry([
  postMessageTool,
  readChannelMessagesTool,
  readThreadMessagesTool,
  threadReplyTool,
  readEmojisTool,
  addReactionsTool,
]);
