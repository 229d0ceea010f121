/** Most characters of an answer, as JSON. */
const MOST_CHARACTERS = 50_000;

/** Most tokens of an answer: clients cut off, or refuse, what has more. */
const MOST_TOKENS = 25_000;

/** What stands around the items of an answer. */
const ENVELOPE_CHARACTERS = 1_500;

/** Tokens of a text, estimated high: JSON has about three characters a token, scripts other than Latin fewer than one. */
function tokensOf(text: string): number {
  let other = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) other += 1;
  return (text.length - other) / 2.5 + other * 1.5;
}

/** How many items from the beginning of a list fit into one answer; at least one. */
export function fittingItems(items: readonly unknown[]): number {
  let characters = ENVELOPE_CHARACTERS;
  let tokens = ENVELOPE_CHARACTERS / 2.5;
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(item);
    characters += text.length + 1;
    tokens += tokensOf(text) + 1;
    if (index > 0 && (characters > MOST_CHARACTERS || tokens > MOST_TOKENS)) return index;
  }
  return items.length;
}

/** A text that fits into one answer, with a word on what was left out of one that does not. */
export function fittingText(text: string): string {
  const escaped = JSON.stringify(text);
  const share = Math.min(
    (MOST_CHARACTERS - ENVELOPE_CHARACTERS) / escaped.length,
    (MOST_TOKENS - ENVELOPE_CHARACTERS) / tokensOf(escaped),
  );
  if (share >= 1) return text;
  const kept = text.slice(0, Math.floor(text.length * share * 0.95)).toWellFormed();
  return `${kept}… [the first ${kept.length} of ${text.length} characters]`;
}
