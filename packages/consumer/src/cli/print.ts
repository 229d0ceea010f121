// A terminal would interpret them. JSON escapes only some of them.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const CONTROLS_IN_JSON = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** Formats a line of tab-separated columns. Characters that would break the line or a column become spaces. */
export function columns(...values: readonly unknown[]): string {
  return values.map((value) => String(value ?? '').replace(CONTROLS, ' ')).join('\t');
}

/** Formats JSON, on one line unless `indent` is set, with every control character escaped. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(CONTROLS_IN_JSON, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/**
 * Writes a line to standard output. Resolves when the line is written; rejects when the reader has closed the output.
 */
export function print(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
