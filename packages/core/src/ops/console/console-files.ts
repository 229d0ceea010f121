import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the console. */
export interface ConsoleFile {
  /** The path below `/console/`, such as `vendor/preact.js`. */
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** The folder `console` of this package. */
const FOLDER = fileURLToPath(new URL('../../../console', import.meta.url));

/** Reads the files of the console, which are small. */
export function readConsoleFiles(folder: string = FOLDER): readonly ConsoleFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.flatMap((path) => {
    const type = TYPES[extname(path)];
    if (type === undefined) return [];
    const content = readFileSync(join(folder, path));
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    return [{ path: path.replaceAll(sep, '/'), type, content, etag }];
  });
}
