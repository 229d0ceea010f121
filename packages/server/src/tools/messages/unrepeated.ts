/**
 * A text, unless every line of it stands as a line in another one already, whatever emphasis and space they have: what
 * people type comes as rich text and as text, and bots repeat a heading as the text of their notification. A line that is
 * only a part of another one is no repetition.
 */
export function unrepeated(text: string, other: string): string {
  if (text.trim() === '' || other === '') return text.trim();
  const said = new Set(linesOf(other));
  const whole = linesOf(other).join(' ');
  const lines = linesOf(text);
  return lines.every((line) => said.has(line)) || lines.join(' ') === whole ? '' : text.trim();
}

/** Lines without what marks them up: emphasis, bullets, labels of mentions and links that repeat their address. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/<(@[A-Z0-9]+|#[A-Z0-9]+|![^|>]+)\|[^>]*>/g, '<$1>')
        .replace(/<(?:mailto:|tel:)?([^|>]+)\|([^>]*)>/g, (link, url: string, label: string) =>
          url === label || url === `http://${label}` || url === `https://${label}` ? `<${url}>` : link,
        )
        .replace(/^\s*(?:[-•◦▪>]|&gt;|\d+\.)\s*/, '')
        .replace(/[*_~`]/g, '')
        .replace(/\s+/g, ' ')
        .trim()
        .toLowerCase(),
    )
    .filter(Boolean);
}
