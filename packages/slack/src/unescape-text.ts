const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/**
 * The characters that a person typed: Slack stores `&`, `<` and `>` as `&amp;`, `&lt;` and `&gt;`. Do it last: in the text
 * that Slack sends, `<` always begins a mention or a link.
 */
export function unescapeText(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_match, name: string) => CHARACTERS[name] as string);
}
