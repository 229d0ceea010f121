import { expect, test } from 'vitest';
import { fillRegions } from '../docs/regions.ts';

const text = 'before\n<!-- generated:env -->\nold\n<!-- /generated -->\nafter\n';

test('a region is replaced, the rest stays', () => {
  const filled = fillRegions(text, (name) => (name === 'env' ? 'new\n' : undefined));
  expect(filled).toBe('before\n<!-- generated:env -->\nnew\n<!-- /generated -->\nafter\n');
  expect(fillRegions(filled, () => 'new')).toBe(filled);
});

test('an unknown name and an open region are errors', () => {
  expect(() => fillRegions(text, () => undefined)).toThrow('nothing generates "env"');
  expect(() => fillRegions('<!-- generated:env -->\nold\n', () => 'new')).toThrow(
    '1 generated regions begin and 0 end',
  );
});
