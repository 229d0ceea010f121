/** The part of a bundle that this plugin uses. */
interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  code?: string;
}

/**
 * A plugin that writes the characters outside ASCII as escapes. V8 keeps the text of a file in memory, with two bytes
 * for each character if one of them is not in Latin-1.
 */
export function asciiCode() {
  return {
    name: 'ascii-code',
    generateBundle(_options: unknown, bundle: Record<string, Chunk>): void {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.code !== undefined) chunk.code = escaped(chunk.code, chunk.fileName);
      }
    },
  };
}

/** @throws Error - an escape would change the value of a raw template */
function escaped(code: string, fileName: string): string {
  const [raw] = /\.raw`[^`]*[\u0080-\uffff][^`]*`/.exec(code) ?? [];
  if (raw !== undefined) throw new Error(`${fileName}: write this raw template with ASCII only: ${raw}`);
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
