/** C0 but for the line break, DEL and C1, and what turns the direction of text or hides in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Writes characters that terminals obey, or readers do not see, as `\u001b`. Line breaks stay.
 *
 * @param text - may be JSON, which stays the same JSON
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
