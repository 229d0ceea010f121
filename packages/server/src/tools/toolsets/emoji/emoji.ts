import type { Toolset } from '../../toolset.ts';
import { readEmojisTool } from './read-emojis.ts';

/** The toolset for the workspace's custom emoji. */
export const emoji: Toolset = {
  id: 'emoji',
  description: "List the workspace's custom emoji.",
  default: true,
  instructions: [],
  tools: [readEmojisTool],
};
