import type { Toolset } from '../../toolset.ts';
import { readEmojisTool } from './read-emojis.ts';

/** The emoji of the workspace. */
export const emoji: Toolset = {
  id: 'emoji',
  description: "List the workspace's custom emoji.",
  default: true,
  instructions: [],
  tools: [readEmojisTool],
};
