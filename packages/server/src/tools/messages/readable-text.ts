/** The known readable names, by user ID. */
export type UserNames = ReadonlyMap<string, string>;

/** No names. */
export const NO_NAMES: ReadonlyMap<string, string> = new Map();

/**
 * Matches runs of characters that readers of Slack cannot see but a model would read, such as Unicode tags, zero-width
 * characters, direction marks, fillers and variation selectors. The first group matches the flags of regions, which are
 * written with tags.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f})|\p{Default_Ignorable_Code_Point}+/gu;

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
  return text.replace(INVISIBLE, (run: string, flag: string | undefined, at: number) => flag ?? needed(run, text, at));
}

/**
 * Returns the characters of an invisible run that change what readers see: after an emoji a selector of its style, and
 * after a character that is not ASCII a joiner, as some emoji and scripts need it.
 */
function needed(run: string, text: string, at: number): string {
  const before = /.$/su.exec(text.slice(Math.max(0, at - 2), at))?.[0] ?? '';
  const style = /\p{Emoji}/u.test(before) ? (/[\ufe0e\ufe0f]/.exec(run)?.[0] ?? '') : '';
  const joiner = before > '\u007f' ? (/[\u200c\u200d]/.exec(run)?.[0] ?? '') : '';
  return style + joiner;
}

/** Returns the IDs of the users that are mentioned in the texts of a value. */
export function mentionedUsers(value: unknown): readonly string[] {
  return [...JSON.stringify(value ?? '').matchAll(/<@([UW][A-Z0-9]{2,})>|"user_id":"([UW][A-Z0-9]{2,})"/g)].map(
    ([, mentioned, element]) => (mentioned ?? element) as string,
  );
}
