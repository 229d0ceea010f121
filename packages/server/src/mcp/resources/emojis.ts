import { readEmoji } from '../emoji-list.ts';
import type { Resource } from './resource.ts';

/** `slack://emojis`: the workspace's own emoji with the addresses of their images. */
export const emojisResource: Resource = {
  uri: 'slack://emojis',
  name: 'emojis',
  title: 'Emoji of the workspace',
  description: 'Custom emoji by name: the address of the image, or "alias:" and the emoji it stands for.',
  mimeType: 'application/json',
  async read({ slack, signal }) {
    return JSON.stringify({ emoji: await readEmoji(slack, { signal }) });
  },
};
