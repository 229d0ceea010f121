import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { drawSentences } from '../prose/draw-sentences.ts';
import { readSentences } from '../prose/read-sentences.ts';

test('finds the sentences of a README, of TSDoc, of errors and of descriptions, with their lines', () => {
  const root = mkdtempSync(join(tmpdir(), 'prose-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'packages/a/src'), { recursive: true });
  writeFileSync(
    join(root, 'README.md'),
    '# Title\n\nFirst one is here. Second one is there.\n\n```sh\nnot a sentence at all\n```\n\n1. An item goes over\n   two lines\n2. The next item is here\n\n   ```sh\n   no sentence of an item\n   ```\n',
  );
  writeFileSync(
    join(root, 'packages/a/src/a.ts'),
    "/** What it does for you. */\nthrow new TypeError('it failed for a reason');\nconst x = { description: 'Reads the whole channel.' };\n",
  );
  expect(readSentences(root).map(({ kind, line, text }) => `${kind} ${line} ${text}`)).toEqual([
    'readme 3 First one is here.',
    'readme 3 Second one is there.',
    'readme 9 An item goes over two lines',
    'readme 11 The next item is here',
    'tsdoc 1 What it does for you.',
    'error 2 it failed for a reason',
    'description 3 Reads the whole channel.',
  ]);
});

test('draws the same sentences for the same seed, each at most once', () => {
  const sentences = Array.from({ length: 40 }, (_, n) => ({
    kind: n % 2 === 0 ? ('readme' as const) : ('error' as const),
    path: 'a',
    line: n,
    text: `sentence number ${n} here`,
  }));
  const drawn = drawSentences(sentences, { seed: 7, count: 30 });
  expect(drawn).toEqual(drawSentences(sentences, { seed: 7, count: 30 }));
  expect(drawn).not.toEqual(drawSentences(sentences, { seed: 8, count: 30 }));
  expect(new Set(drawn).size).toBe(30);
});
