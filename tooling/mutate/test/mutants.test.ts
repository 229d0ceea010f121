import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allMutants } from '../src/mutants/all-mutants.ts';
import { mutateText } from '../src/mutate-text.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('ids are unique', () => {
  const ids = allMutants.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

test.each(allMutants.map((mutant) => [mutant.id, mutant] as const))('%s applies and can be noticed', (_id, mutant) => {
  const text = readFileSync(join(ROOT, mutant.file), 'utf8');
  const mutated = mutateText(text, mutant);
  expect(mutated).not.toBe(text);
  // A file that does not parse would fail every test.
  expect(() => stripTypeScriptTypes(mutated)).not.toThrow();
  expect(mutant.tests.length).toBeGreaterThan(0);
  for (const path of mutant.tests) expect(existsSync(join(ROOT, path)), path).toBe(true);
});
