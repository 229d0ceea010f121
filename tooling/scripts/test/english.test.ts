import { describe, expect, test } from 'vitest';
import { allowedIn, shrink } from '../english/baseline.ts';
import { findPhrases } from '../english/find-phrases.ts';

const found = (path: string, text: string): string[] =>
  findPhrases(path, text).map(({ line, found }) => `${line} ${found}`);

describe('old phrases', () => {
  test.each([
    ['is told', 'The caller is told why.'],
    ['told of', 'A consumer is not told of it.'],
    ['in hand', 'The message in hand comes again.'],
    ['is owed', 'What a group is owed stays.'],
    ['is none', 'An id that is none is refused.'],
    ['what is no', 'It refuses what is no key.'],
    ['whoever', 'It goes to whoever asks.'],
    ['Nobody', 'Nobody reads it.'],
    ['of which', 'Two calls, of which one fails.'],
    ['heed', 'The harness does not heed it.'],
    ['lest', 'It waits lest it fails.'],
    ['but for', 'All pass but for one.'],
    ['as it came', 'The payload is passed on as it came.'],
    ['has it', 'It resolves once the broker has it.'],
    ['for ever', 'It is kept for ever.'],
  ])('finds %s', (phrase, sentence) => {
    expect(found('a.md', sentence)).toEqual([`1 ${phrase}`]);
  });

  test('are found in comments and texts, not in code', () => {
    const text = [
      '/**',
      ' * The group is owed it.',
      ' */',
      "const nobody = /nobody reads/.test('nobody');",
      "test('nobody reads it', () => {}); // lest it fails",
      `const half = one / two; throw new Error(\`what is no key: \${half / 2}\`);`,
    ].join('\n');
    expect(found('a.ts', text)).toEqual(['2 is owed', '5 nobody', '5 lest', '6 what is no']);
  });

  test('are not looked for in the code of a document', () => {
    expect(found('a.md', 'Call `nobody()`:\n\n```ts\nnobody(); // in hand\n```\n\nIn hand.')).toEqual(['7 In hand']);
  });

  test('include what to write instead', () => {
    expect(findPhrases('a.md', 'It is in hand.')).toEqual([
      { path: 'a.md', line: 1, found: 'in hand', write: 'in flight' },
    ]);
  });
});

describe('the baseline', () => {
  const baseline = { 'a.ts': 3, 'old/b.ts': 2 };
  const present = new Set(['a.ts', 'new/b.ts', 'c.ts']);

  test('allows the listed number, also in a moved file, and none in a new file', () => {
    expect(['a.ts', 'new/b.ts', 'c.ts'].map((path) => allowedIn(path, baseline, present))).toEqual([3, 2, 0]);
  });

  test('only shrinks', () => {
    expect(shrink(baseline, { 'a.ts': 5, 'new/b.ts': 1, 'c.ts': 4 }, present)).toEqual({ 'a.ts': 3, 'new/b.ts': 1 });
    expect(shrink(baseline, {}, present)).toEqual({});
  });
});
