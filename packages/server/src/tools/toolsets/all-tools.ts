import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { addReactionsTool } from './add-reactions.ts';
import { postMessageTool } from './post-message.ts';
import { readChannelMessagesTool } from './read-channel-messages.ts';
import { readEmojisTool } from './read-emojis.ts';
import { readThreadMessagesTool } from './read-thread-messages.ts';
import { threadReplyTool } from './thread-reply.ts';

/** Every tool there is, in the order in which clients see them. */
export const allTools: ToolRegistry = createToolRegistry([
  postMessageTool,
  readChannelMessagesTool,
  readThreadMessagesTool,
  threadReplyTool,
  readEmojisTool,
  addReactionsTool,
]);
