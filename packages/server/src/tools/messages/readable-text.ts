/** Readable names of users by their ids, as far as they are known. */
export type UserNames = ReadonlyMap<string, string>;

/** No names. */
export const NO_NAMES: ReadonlyMap<string, string> = new Map();

/**
 * Characters that no reader of Slack sees and a model would read: tags (those of flags aside), zero widths, marks of
 * direction. Joiners stay, of which emoji and some scripts are made.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0020}-\u{e007f}]+)|[\u{e0000}-\u{e007f}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** What Slack escaped, decoded once. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] as string);
}

/** Mentions of users as Slack writes them, with the name where it is known and not given. */
export function nameMentions(text: string, names: UserNames): string {
  return text.replace(/<@([UW][A-Z0-9]{2,})>/g, (mention, id: string) => {
    const name = names.get(id);
    return name === undefined ? mention : `<@${id}|${name.replace(/[<>|]/g, '')}>`;
  });
}

/** A text without the characters that no reader of Slack sees. */
export function removeInvisible(text: string): string {
  return text.replace(INVISIBLE, (_found, flag?: string) => flag ?? '');
}

/** Ids of the users that a value of an answer mentions in its texts. */
export function mentionedUsers(value: unknown): readonly string[] {
  return [...JSON.stringify(value ?? '').matchAll(/<@([UW][A-Z0-9]{2,})>|"user_id":"([UW][A-Z0-9]{2,})"/g)].map(
    ([, mentioned, element]) => (mentioned ?? element) as string,
  );
}
