/** Maximum number of characters in an answer. */
const MOST_CHARACTERS = 50_000;

/** Maximum number of tokens in an answer. Clients truncate or refuse longer answers. */
const MOST_TOKENS = 25_000;

/** Number of characters reserved for the fields of an answer other than its list of items. */
const ENVELOPE_CHARACTERS = 1_500;

/** Number of characters that always fit, even if each is an escape sequence in JSON. */
const ALWAYS_FITS = (MOST_CHARACTERS - ENVELOPE_CHARACTERS) / 8;

/**
 * Estimates the number of tokens of a text. A token has about three characters in JSON and less than one in non-Latin
 * scripts; the factors are chosen so that the estimate is too high rather than too low.
 */
export function tokensOf(text: string): number {
  // Most texts are ASCII, which the number of bytes shows in a fifth of the time.
  if (Buffer.byteLength(text) === text.length) return text.length / 2.5;
  let other = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) other += 1;
  return (text.length - other) / 2.5 + other * 1.5;
}

/** Returns how many items from the start of a list fit into one answer as JSON. The result is at least 1. */
export function fittingItems(items: readonly unknown[]): number {
  return fittingSizes(items, (item) => {
    const json = JSON.stringify(item);
    return { characters: json.length, tokens: tokensOf(json) };
  });
}

/** The size of an item in an answer. */
export interface ItemSize {
  readonly characters: number;
  readonly tokens: number;
}

/** Returns how many items from the start of a list fit into one answer by their sizes. The result is at least 1. */
export function fittingSizes<Item>(items: readonly Item[], sizeOf: (item: Item) => ItemSize): number {
  let characters = ENVELOPE_CHARACTERS;
  let tokens = ENVELOPE_CHARACTERS / 2.5;
  for (let index = 0; index < items.length; index += 1) {
    const size = sizeOf(items[index] as Item);
    characters += size.characters + 1;
    tokens += size.tokens + 1;
    if (index > 0 && (characters > MOST_CHARACTERS || tokens > MOST_TOKENS)) return index;
  }
  return items.length;
}

/** Shortens a text to fit into one answer, and adds a note about how much was cut off. */
export function fittingText(text: string): string {
  if (text.length <= ALWAYS_FITS) return text;
  const fitting = fittingCharacters(text);
  if (fitting === text.length) return text;
  const kept = text.slice(0, fitting).toWellFormed();
  return `${kept}… [the first ${kept.length} of ${text.length} characters]`;
}

/** Returns how many characters from the start of a text fit into one answer. */
export function fittingCharacters(text: string): number {
  const escaped = JSON.stringify(text);
  const share = Math.min(
    (MOST_CHARACTERS - ENVELOPE_CHARACTERS) / escaped.length,
    (MOST_TOKENS - ENVELOPE_CHARACTERS) / tokensOf(escaped),
  );
  return share >= 1 ? text.length : Math.floor(text.length * share * 0.95);
}
