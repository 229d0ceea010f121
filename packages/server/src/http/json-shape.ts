/** Limits on the structure of a JSON text, so that parsing it takes bounded time and memory. */
export interface ShapeLimits {
  /** Maximum number of elements of an array at the top level. */
  readonly batch: number;
  /**
   * Maximum number of objects, arrays and members in total, because a value of a few bytes takes far more memory once
   * it is parsed.
   */
  readonly values: number;
  /** Maximum nesting depth of objects and arrays. */
  readonly depth: number;
}

/** The name of the limit that a JSON text exceeds. */
export type ShapeProblem = 'batch' | 'values' | 'depth';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Checks a JSON text before it is parsed, in one pass over its bytes. Does not check whether the text is valid JSON.
 *
 * @returns the exceeded limit; undefined if the text is within the limits
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

/** Returns the end of the string that begins at `start`, or the end of the text. */
function endOfString(text: Uint8Array, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const byte = text[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index += 1;
  }
  return text.length;
}
