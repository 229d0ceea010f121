import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishedPackages } from '../packaging/published-packages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLE = join(ROOT, 'examples/custom-backend');

/** What an author of a backend can install. */
const PUBLISHED: ReadonlySet<string> = new Set(publishedPackages(ROOT).map(({ name }) => name));

test('the outside backend and its tests use only published packages', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(EXAMPLE, 'package.json'), 'utf8'));
  const declared = Object.keys({ ...dependencies, ...devDependencies });
  const files = globSync('{src,test}/**/*.ts', { cwd: EXAMPLE });
  const imported = files.flatMap((file) =>
    [...readFileSync(join(EXAMPLE, file), 'utf8').matchAll(/from '(@slack-mcp\/[^/']+)/g)].map(([, name]) => name),
  );
  const ours = [...declared, ...imported].filter((name) => name?.startsWith('@slack-mcp/')) as string[];
  expect(new Set(ours)).toEqual(new Set(['@slack-mcp/core', '@slack-mcp/conformance']));
  expect(ours.filter((name) => !PUBLISHED.has(name))).toEqual([]);
  // No path leads out of the example.
  for (const file of files) expect(readFileSync(join(EXAMPLE, file), 'utf8')).not.toMatch(/from '\.\.\/\.\.\//);
});
