/**
 * Copies a string, so that it takes the least memory. `randomUUID` returns a string that consists of some 15 strings in
 * memory, which together take almost 1 KB.
 */
export function flatString(text: string): string {
  return Buffer.from(text).toString();
}
