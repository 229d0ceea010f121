/**
 * Returns the text, or an empty string if the other text already contains every line of the text, ignoring emphasis and
 * spacing. Texts are repeated because Slack sends a typed message as both rich text and plain text, and because bots
 * use a heading again as the notification text. A line that is only part of a longer line does not count as repeated.
 */
export function unrepeated(text: string, other: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || other === '') return trimmed;
  // Most messages have no markup. Slack repeats their text unchanged.
  if (trimmed === other.trim()) return '';
  const said = linesOf(other);
  const saidLines = new Set(said);
  const lines = linesOf(text);
  return lines.every((line) => saidLines.has(line)) || lines.join(' ') === said.join(' ') ? '' : trimmed;
}

/**
 * Returns the lines of a text without markup: without emphasis, bullets, labels of mentions, and link labels that
 * repeat the URL.
 */
function linesOf(text: string): string[] {
  return text.split('\n').map(withoutMarkup).filter(Boolean);
}

/** Runs a pattern only on lines with a character that the pattern needs, because most lines have no markup. */
function withoutMarkup(line: string): string {
  const short = line.includes('|') ? withoutLabels(line) : line;
  const content = short.replace(/^\s*(?:(?:[-•◦▪]|\d+\.)\s+|(?:>|&gt;)\s*)/, '');
  const plain = /[*_~`]/.test(content) ? content.replace(EMPHASIS, '') : content;
  return plain
    .replace(/\s{2,}|[^\S ]/g, ' ')
    .trim()
    .toLowerCase();
}

/** Matches the marks of emphasis. A mark between two letters or digits is not emphasis. */
const EMPHASIS = /(?<![\p{L}\p{N}])[*_~`]+|[*_~`]+(?![\p{L}\p{N}*_~`])/gu;

function withoutLabels(line: string): string {
  return line
    .replace(/<(@[A-Z0-9]+|#[A-Z0-9]+|![^|>]+)\|[^>]*>/g, '<$1>')
    .replace(/<(?:mailto:|tel:)?([^|>]+)\|([^>]*)>/g, (link, url: string, label: string) =>
      url === label || url === `http://${label}` || url === `https://${label}` ? `<${url}>` : link,
    );
}
