import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** Writes a file atomically: a reader sees either the old or the new content. Writes directly to a device or pipe. */
export function writeWhole(file: string, text: string): void {
  const part = existsSync(file) && !statSync(file).isFile() ? file : `${file}.${process.pid}.part`;
  writeFileSync(part, text);
  if (part !== file) renameSync(part, file);
}
