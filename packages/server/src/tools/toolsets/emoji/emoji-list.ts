import type { GatedSlack } from '../../gates/gated-slack.ts';
import { isObject } from '../../messages/json-fields.ts';

/** A workspace's own emoji by name: the address of its image, or `alias:` and the name of another. */
export type EmojiList = Record<string, string>;

/** Reads the emoji of the workspace, sorted by name. Standard emoji are not among them. */
export async function readEmoji(slack: GatedSlack, options: { signal?: AbortSignal } = {}): Promise<EmojiList> {
  const { emoji } = await slack.call('emoji.list', {}, options);
  const entries = Object.entries(isObject(emoji) ? emoji : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
