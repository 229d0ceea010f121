import type { GatedSlack } from '../../gates/gated-slack.ts';
import { isObject } from '../../messages/json-fields.ts';

/**
 * A workspace's custom emoji by name. The value of an emoji is its image URL, or `alias:` followed by the name of
 * another emoji.
 */
export type EmojiList = Record<string, string>;

/** Reads the workspace's custom emoji, sorted by name. Standard emoji are not included. */
export async function readEmoji(slack: GatedSlack, options: { signal?: AbortSignal } = {}): Promise<EmojiList> {
  const { emoji } = await slack.call('emoji.list', {}, options);
  const entries = Object.entries(isObject(emoji) ? emoji : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
