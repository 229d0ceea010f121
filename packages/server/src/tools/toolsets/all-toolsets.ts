import { createToolRegistry, type ToolRegistry } from '../registry.ts';
import { emoji } from './emoji/emoji.ts';
import { messages } from './messages/messages.ts';
import { reactions } from './reactions/reactions.ts';

/** Every toolset there is, in the order in which clients see their tools. */
export const allToolsets: ToolRegistry = createToolRegistry([messages, emoji, reactions]);
