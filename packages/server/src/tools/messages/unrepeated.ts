/**
 * Returns the text, or an empty string if the other text already contains every line of the text, ignoring emphasis and
 * spacing. Texts are repeated because Slack sends a typed message as both rich text and plain text, and because bots
 * use a heading again as the notification text. A line that is only part of a longer line does not count as repeated.
 */
export function unrepeated(text: string, other: string): string {
  if (text.trim() === '' || other === '') return text.trim();
  const said = new Set(linesOf(other));
  const whole = linesOf(other).join(' ');
  const lines = linesOf(text);
  return lines.every((line) => said.has(line)) || lines.join(' ') === whole ? '' : text.trim();
}

/**
 * Returns the lines of a text without markup: without emphasis, bullets, labels of mentions, and link labels that
 * repeat the URL.
 */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/<(@[A-Z0-9]+|#[A-Z0-9]+|![^|>]+)\|[^>]*>/g, '<$1>')
        .replace(/<(?:mailto:|tel:)?([^|>]+)\|([^>]*)>/g, (link, url: string, label: string) =>
          url === label || url === `http://${label}` || url === `https://${label}` ? `<${url}>` : link,
        )
        .replace(/^\s*(?:(?:[-•◦▪]|\d+\.)\s+|(?:>|&gt;)\s*)/, '')
        // A mark between two letters or digits is no emphasis.
        .replace(/(?<![\p{L}\p{N}])[*_~`]+|[*_~`]+(?![\p{L}\p{N}*_~`])/gu, '')
        .replace(/\s+/g, ' ')
        .trim()
        .toLowerCase(),
    )
    .filter(Boolean);
}
