/**
 * Matches C0 control characters except the line break, DEL, C1 control characters, and invisible or direction-changing
 * characters.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches control characters on purpose
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Escapes characters that control a terminal or are invisible, for example as `\u001b`. Line breaks are kept.
 *
 * @param text - any text; if it is JSON, its meaning does not change
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
