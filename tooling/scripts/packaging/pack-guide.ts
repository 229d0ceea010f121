import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const guide = join(root, 'docs/plugins');

/** The pages of the guide for authors of backends, by name, without links that lead out of the package. */
export function packedGuide(): ReadonlyMap<string, string> {
  const pages = readdirSync(guide).filter((name) => name.endsWith('.md'));
  return new Map(
    pages.map((name) => [name, readFileSync(join(guide, name), 'utf8').replace(/\[([^\]]+)\]\(\.\.\/[^)]*\)/g, '$1')]),
  );
}

if (import.meta.main) {
  const target = join(root, 'packages/conformance/guide');
  mkdirSync(target, { recursive: true });
  for (const [name, text] of packedGuide()) writeFileSync(join(target, name), text);
}
