/** The known readable names, by user ID. */
export type UserNames = ReadonlyMap<string, string>;

/** No names. */
export const NO_NAMES: ReadonlyMap<string, string> = new Map();

/**
 * Matches characters that readers of Slack cannot see but a model would read, which are Unicode tags (except in flags),
 * zero-width characters and direction marks. Joiners do not match, because emoji and some scripts need them.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0020}-\u{e007f}]+)|[\u{e0000}-\u{e007f}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Decodes the entities `&amp;`, `&lt;` and `&gt;` in Slack's text. Entities are decoded only once. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] as string);
}

/** Adds known names to user mentions that have no name yet. */
export function nameMentions(text: string, names: UserNames): string {
  return text.replace(/<@([UW][A-Z0-9]{2,})>/g, (mention, id: string) => {
    const name = names.get(id);
    return name === undefined ? mention : `<@${id}|${name.replace(/[<>|]/g, '')}>`;
  });
}

/** Removes the characters that readers of Slack cannot see. */
export function removeInvisible(text: string): string {
  return text.replace(INVISIBLE, (_found, flag?: string) => flag ?? '');
}

/** Returns the IDs of the users that are mentioned in the texts of a value. */
export function mentionedUsers(value: unknown): readonly string[] {
  return [...JSON.stringify(value ?? '').matchAll(/<@([UW][A-Z0-9]{2,})>|"user_id":"([UW][A-Z0-9]{2,})"/g)].map(
    ([, mentioned, element]) => (mentioned ?? element) as string,
  );
}
