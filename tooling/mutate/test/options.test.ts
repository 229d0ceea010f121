import { expect, test } from 'vitest';
import { mutantsOf } from '../src/mutant.ts';
import { mutateText } from '../src/mutate-text.ts';
import { readOptions } from '../src/options.ts';

const listed = { file: 'a.ts', original: 'a < b', replacement: 'a <= b', tests: ['a'] };
const all = [
  ...mutantsOf('gates', 'server', [
    { ...listed, id: 'one' },
    { ...listed, id: 'two' },
  ]),
  ...mutantsOf('limits', 'slack', [{ ...listed, id: 'one' }]),
];
const chosen = (...args: string[]): string[] => (readOptions(args, all)?.mutants ?? []).map(({ id }) => id);

test('chooses by package, area and id', () => {
  expect(chosen()).toEqual(['gates/one', 'gates/two', 'limits/one']);
  expect(chosen('slack')).toEqual(['limits/one']);
  expect(chosen('--only', 'gates')).toEqual(['gates/one', 'gates/two']);
  expect(chosen('--only', 'gates/two', '--only', 'limits')).toEqual(['gates/two', 'limits/one']);
  expect(chosen('slack', '--only', 'gates')).toEqual([]);
});

test.each([
  [['redis'], 'There are no mutants of "redis". Give one of: server, slack.'],
  [['--only', 'gate'], 'No mutant has the id "gate"'],
  [['--seed', 'x'], '--seed is "x": give a whole number from 0 to 2147483647.'],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args, all)).toThrow(message);
});

test('applies a mutant only where its snippet occurs once', () => {
  const [mutant] = all;
  if (mutant === undefined) throw new Error('no mutant');
  expect(mutateText('if (a < b) $&', mutant)).toBe('if (a <= b) $&');
  expect(() => mutateText('a > b', mutant)).toThrow('occurs 0 times in packages/server/src/a.ts');
  expect(() => mutateText('a < b; a < b', mutant)).toThrow('occurs 2 times');
});
