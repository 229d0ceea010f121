import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const guide = join(root, 'docs/plugins');

const ONLINE = 'https://github.com/slack-mcp/slack-mcp/blob/main/docs/plugins/';

/** The pages of the guide for authors of backends, by name. Links that lead out of the package lead to the repository. */
export function packedGuide(): ReadonlyMap<string, string> {
  const pages = readdirSync(guide).filter((name) => name.endsWith('.md'));
  const online = (_: string, target: string): string => `](${new URL(target, ONLINE)})`;
  return new Map(
    pages.map((name) => [name, readFileSync(join(guide, name), 'utf8').replace(/\]\((\.\.\/[^)]*)\)/g, online)]),
  );
}

if (import.meta.main) {
  const target = join(root, 'packages/conformance/guide');
  mkdirSync(target, { recursive: true });
  for (const [name, text] of packedGuide()) writeFileSync(join(target, name), text);
}
