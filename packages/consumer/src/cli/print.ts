// A terminal would obey them; JSON escapes only some of them itself.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const CONTROLS_IN_JSON = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** A line of columns that are parted by tabs; what would break line or column is a space. */
export function columns(...values: readonly unknown[]): string {
  return values.map((value) => String(value ?? '').replace(CONTROLS, ' ')).join('\t');
}

/** JSON, on one line unless `indent` is given, with every control character escaped. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(CONTROLS_IN_JSON, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Writes a line to standard output. Resolves once it is taken; rejects when nobody reads it any more. */
export function print(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}
