import { expect, test } from 'vitest';
import { fillRegions } from '../docs/regions.ts';

const text = 'before\n<!-- generated:env -->\nold\n<!-- /generated -->\nafter\n';

test('replaces a region and keeps the rest', () => {
  const filled = fillRegions(text, (name) => (name === 'env' ? 'new\n' : undefined));
  expect(filled).toBe('before\n<!-- generated:env -->\nnew\n<!-- /generated -->\nafter\n');
  expect(fillRegions(filled, () => 'new')).toBe(filled);
});

test('rejects an unknown name and a region without an end', () => {
  expect(() => fillRegions(text, () => undefined)).toThrow('there is no generator for "env"');
  expect(() => fillRegions('<!-- generated:env -->\nold\n', () => 'new')).toThrow(
    '1 generated regions begin and 0 end',
  );
});
