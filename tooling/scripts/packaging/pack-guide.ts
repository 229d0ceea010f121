import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The guide for authors of backends, without links that lead out of the package. */
export function packedGuide(): string {
  const guide = readFileSync(join(root, 'docs/writing-a-backend.md'), 'utf8');
  return guide.replace(/\[([^\]]+)\]\(\.\.?\/[^)]*\)/g, '$1');
}

if (import.meta.main) writeFileSync(join(root, 'packages/conformance/writing-a-backend.md'), packedGuide());
