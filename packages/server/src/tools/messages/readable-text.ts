/** The known readable names, by the ID of a user, channel or user group. The name of a user group begins with `@`. */
export type ReadableNames = ReadonlyMap<string, string>;

/** No names. */
export const NO_NAMES: ReadonlyMap<string, string> = new Map();

/**
 * Matches runs of characters that readers of Slack cannot see but a model would read, such as Unicode tags, zero-width
 * characters, direction marks, fillers and variation selectors. The first group matches the flags of regions, which are
 * written with tags.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f})|\p{Default_Ignorable_Code_Point}+/gu;

const NOT_ASCII = /[^\0-\x7f]/;

/** Matches a mention of a user, channel or user group without a label, or with an empty one. */
const MENTION = /<(@[UW][A-Z0-9]{2,}|#[CDG][A-Z0-9]{2,}|!subteam\^S[A-Z0-9]{2,})\|?>/g;

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Decodes the entities `&amp;`, `&lt;` and `&gt;` in Slack's text. Entities are decoded only once. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] as string);
}

/** Adds known names to mentions of users, channels and user groups that have no name yet. */
export function nameMentions(text: string, names: ReadableNames): string {
  if (!text.includes('<')) return text;
  return text.replace(MENTION, (mention, what: string) => {
    const name = names.get(/\w+$/.exec(what)?.[0] ?? '');
    return name === undefined ? mention : `<${what}|${name.replace(/[<>|]/g, '')}>`;
  });
}

/** Removes the characters that readers of Slack cannot see. */
export function removeInvisible(text: string): string {
  // All of them are outside ASCII, and most texts are not.
  if (!NOT_ASCII.test(text)) return text;
  return text.replace(INVISIBLE, (run: string, flag: string | undefined, at: number) => flag ?? needed(run, text, at));
}

/**
 * Returns the characters of an invisible run that change what readers see: a style selector after an emoji, and a joiner
 * after a character that is not ASCII. Some emoji and scripts need joiners.
 */
function needed(run: string, text: string, at: number): string {
  const before = /.$/su.exec(text.slice(Math.max(0, at - 2), at))?.[0] ?? '';
  const style = /\p{Emoji}/u.test(before) ? (/[\ufe0e\ufe0f]/.exec(run)?.[0] ?? '') : '';
  const joiner = before > '\u007f' ? (/[\u200c\u200d]/.exec(run)?.[0] ?? '') : '';
  return style + joiner;
}
