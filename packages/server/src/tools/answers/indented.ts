/** Matches everything that a reader may take for the end of a line. */
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** Indents all lines of a text after the first, so that they cannot pass for lines that the server writes. */
export function indented(text: string): string {
  return text.replace(LINE_BREAK, '\n ');
}
