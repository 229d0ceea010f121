/**
 * Copies a string, so that the copy takes as little memory as possible. `randomUUID` returns a string that consists of
 * some 15 strings in memory, which together take almost 1 KB.
 */
export function flatString(text: string): string {
  return Buffer.from(text).toString();
}
