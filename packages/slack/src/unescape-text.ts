const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/**
 * Returns the characters that a person typed: Slack stores `&`, `<` and `>` as `&amp;`, `&lt;` and `&gt;`. Unescape
 * last: in text from Slack, `<` always begins a mention or a link.
 */
export function unescapeText(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_match, name: string) => CHARACTERS[name] as string);
}
