import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees all of it or what was there before. A device or pipe is written as it is. */
export function writeWhole(file: string, text: string): void {
  const part = existsSync(file) && !statSync(file).isFile() ? file : `${file}.${process.pid}.part`;
  writeFileSync(part, text);
  if (part !== file) renameSync(part, file);
}
