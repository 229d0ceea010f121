const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Returns the text of a member of a JSON object, byte for byte.
 *
 * @param text - valid JSON
 * @returns the text of the last member with that name, which `JSON.parse` would also use; undefined if the object has
 *   no such member
 */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined;
  let key = '';
  /** The position at which the value of the current member begins; -1 before its colon. */
  let start = -1;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE: {
        const end = endOfString(text, index);
        if (depth === 1 && start === -1) key = JSON.parse(text.slice(index, end + 1)) as string;
        index = end;
        break;
      }
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        if (depth === 0 && start !== -1 && key === name) found = text.slice(start, index).trim();
        break;
      case 0x3a: // :
        if (depth === 1 && start === -1) start = index + 1;
        break;
      case 0x2c: // ,
        if (depth !== 1) break;
        if (start !== -1 && key === name) found = text.slice(start, index).trim();
        start = -1;
        break;
      default:
    }
  }
  return found;
}

/** Returns the index of the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index += 1;
  }
  return text.length;
}
