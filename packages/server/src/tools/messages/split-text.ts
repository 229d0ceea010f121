/**
 * Maximum number of characters that Slack keeps in one message. Slack splits longer texts at arbitrary positions or
 * refuses them.
 */
export const ONE_MESSAGE = 4_000;

const FENCE = '```';

/**
 * Splits a text into messages that are short enough for Slack. The text is split between paragraphs if possible,
 * otherwise between lines, otherwise between words. A code block that does not fit is closed at the end of one message
 * and reopened in the next.
 *
 * @param most - the maximum number of characters in one message
 */
export function splitText(text: string, most: number = ONE_MESSAGE): string[] {
  if (text.length <= most) return [text];
  const parts: string[] = [];
  let rest = text;
  let isCode = false;
  while (rest !== '') {
    const opening = isCode ? `${FENCE}\n` : '';
    const isLast = opening.length + rest.length <= most;
    // Leave room to close a code block that may be open at the end.
    const room = most - opening.length - FENCE.length - 1;
    const end = isLast ? rest.length : cut(rest, room, isCode);
    const piece = rest.slice(0, end);
    const isOpen = opensCode(piece, isCode);
    parts.push(opening + (isLast ? piece : piece.replace(/\s+$/, '')) + (isOpen && !isLast ? `\n${FENCE}` : ''));
    rest = isOpen ? rest.slice(end).replace(/^\n/, '') : rest.slice(end).replace(/^\s+/, '');
    isCode = isOpen && rest !== '';
  }
  return parts.filter((part) => part.trim() !== '');
}

/**
 * Returns the position at which to end a message. The position is the last paragraph break after the first quarter of
 * the message, otherwise the last line break, otherwise the last space, otherwise the limit.
 */
function cut(text: string, room: number, isCode: boolean): number {
  const head = text.slice(0, room);
  const least = Math.floor(room / 4);
  const fence = isCode ? -1 : lastOutsideCode(head);
  if (fence >= least) return fence;
  const line = head.lastIndexOf('\n');
  if (line >= least) return line;
  const word = head.lastIndexOf(' ');
  if (word >= least) return word;
  // Do not cut a surrogate pair in half.
  return /[\uD800-\uDBFF]$/.test(head) ? room - 1 : room;
}

/** Returns the last position outside a code block at which a paragraph ends or a code block starts. */
function lastOutsideCode(head: string): number {
  let best = -1;
  let isCode = false;
  for (const match of head.matchAll(/```|\n{2,}/g)) {
    if (match[0] === FENCE) {
      if (!isCode) best = match.index > 0 ? match.index : best;
      isCode = !isCode;
    } else if (!isCode) best = match.index;
  }
  return best;
}

/** Whether a code block is still open at the end of a piece of text. */
function opensCode(piece: string, isCode: boolean): boolean {
  const fences = piece.split(FENCE).length - 1;
  return (fences % 2 === 1) !== isCode;
}
