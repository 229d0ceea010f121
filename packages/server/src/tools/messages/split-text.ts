/** Characters that Slack keeps in one message; a longer text it splits where it likes, or refuses. */
export const ONE_MESSAGE = 4_000;

const FENCE = '```';

/**
 * Splits a text into messages that Slack leaves whole: between paragraphs where it can, else between lines, else between
 * words. A block of code that does not fit is closed at the end of one message and opened again in the next.
 *
 * @param most - characters of one message
 */
export function splitText(text: string, most: number = ONE_MESSAGE): string[] {
  if (text.length <= most) return [text];
  const parts: string[] = [];
  let rest = text;
  let isCode = false;
  while (rest !== '') {
    const opening = isCode ? `${FENCE}\n` : '';
    const isLast = opening.length + rest.length <= most;
    // Room for the end of a block of code, which may be open by then.
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

/** Where to end a message: the last good place in the second half of the room, the best kind first. */
function cut(text: string, room: number, isCode: boolean): number {
  const head = text.slice(0, room);
  const least = Math.floor(room / 4);
  const fence = isCode ? -1 : lastOutsideCode(head);
  if (fence >= least) return fence;
  const line = head.lastIndexOf('\n');
  if (line >= least) return line;
  const word = head.lastIndexOf(' ');
  if (word >= least) return word;
  // Half of a character of two code units would be no text.
  return /[\uD800-\uDBFF]$/.test(head) ? room - 1 : room;
}

/** The last end of a paragraph, or beginning of a block of code, that is not inside one. */
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

/** Whether a block of code is open at the end of a piece. */
function opensCode(piece: string, isCode: boolean): boolean {
  const fences = piece.split(FENCE).length - 1;
  return (fences % 2 === 1) !== isCode;
}
