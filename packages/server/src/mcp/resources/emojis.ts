import { readEmoji } from '../../tools/toolsets/emoji/emoji-list.ts';
import { READING } from './reading.ts';
import type { Resource } from './resource.ts';

/**
 * The resource `slack://emojis`, with the workspace's custom emoji and their image URLs.
 *
 * @param team - the name of the workspace, if the server uses several workspaces. With several workspaces, the URI is
 * `slack://acme/emojis`
 */
export function emojisResource(team?: string): Resource {
  return {
    uri: team === undefined ? 'slack://emojis' : `slack://${team}/emojis`,
    name: team === undefined ? 'emojis' : `${team}-emojis`,
    title: team === undefined ? 'Emoji of the workspace' : `Emoji of the workspace ${team}`,
    description:
      'Custom emoji by name. The value of an emoji is its image URL, or "alias:" followed by the name of another emoji.',
    mimeType: 'application/json',
    toolset: 'emoji',
    async read({ workspaces, caller, signal }) {
      const workspace = await workspaces.of({ team, caller, signal });
      const { slack } = workspace.contextFor(READING, { signal });
      return JSON.stringify({ emoji: await readEmoji(slack, { signal }) });
    },
  };
}
