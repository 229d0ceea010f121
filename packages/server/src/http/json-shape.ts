/** How a JSON text may be built, so that reading it is bounded in time and memory whatever its length. */
export interface ShapeLimits {
  /** Most members of an array that is the whole text. */
  readonly batch: number;
  /** Most objects, arrays and members in all: one of a few bytes takes far more of them once it is read. */
  readonly values: number;
  /** Most levels of objects and arrays in each other. */
  readonly depth: number;
}

/** What is wrong with a text. */
export type ShapeProblem = 'batch' | 'values' | 'depth';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Looks at a JSON text before it is read, in one pass over its bytes. Says nothing of whether it is JSON.
 *
 * @returns undefined where it keeps to the limits
 */
export function shapeProblem(text: Uint8Array, limits: ShapeLimits): ShapeProblem | undefined {
  let depth = 0;
  let values = 0;
  let members = 1;
  let isBatch: boolean | undefined;
  for (let index = 0; index < text.length; index += 1) {
    switch (text[index]) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case 0x5b: // [
      case 0x7b: // {
        isBatch ??= text[index] === 0x5b;
        depth += 1;
        values += 1;
        if (depth > limits.depth) return 'depth';
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      case 0x2c: // ,
        values += 1;
        if (isBatch === true && depth === 1) members += 1;
        break;
      default:
    }
    if (members > limits.batch) return 'batch';
    if (values > limits.values) return 'values';
  }
  return undefined;
}

/** Where the string that begins here ends, or the text does. */
function endOfString(text: Uint8Array, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const byte = text[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index += 1;
  }
  return text.length;
}
