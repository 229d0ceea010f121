import { readFileSync } from 'node:fs';
import { plainWords } from './words.ts';

/** Number of values in a vector. */
export const DIMENSIONS = 100;

/** Stands for the origin of a value in four bits. */
export const ORIGIN = 8;

/** How fast the weight of a frequent word decreases: `a` of smooth inverse frequency. */
const SMOOTHING = 1e-3;

/** Gives the meaning of a text as a vector of length 1. The vectors of texts about the same point in one direction. */
export type MeaningOf = (text: string) => Float64Array;

/** Reads the word vectors that `reduce-vectors.ts` wrote. The meaning of a text is the weighted sum of its words. */
export function readMeanings(): MeaningOf {
  const folder = new URL('../../vectors/', import.meta.url);
  const ranks = new Map(
    readFileSync(new URL('words.txt', folder), 'utf8')
      .trim()
      .split('\n')
      .map((word, rank) => [word, rank]),
  );
  const packed = readFileSync(new URL('vectors.bin', folder));
  return (text) => {
    const sum = new Float64Array(DIMENSIONS);
    for (const word of plainWords(text)) {
      const rank = ranks.get(word);
      if (rank !== undefined) add(sum, unpack(packed, rank), weightOf(rank));
    }
    return unit(sum);
  };
}

/** Returns how similar two vectors of length 1 are: their cosine. */
export function similarity(first: Float64Array, second: Float64Array): number {
  return first.reduce((sum, value, index) => sum + value * (second[index] ?? 0), 0);
}

/** Returns the vector with length 1, and a vector of zeros unchanged. */
export function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** The share of a word in English texts falls with its rank, by the law of Zipf. */
function weightOf(rank: number): number {
  const share = 1 / ((rank + 2) * 12);
  return SMOOTHING / (SMOOTHING + share);
}

function unpack(packed: Buffer, rank: number): Float64Array {
  const start = (rank * DIMENSIONS) / 2;
  const values = Float64Array.from({ length: DIMENSIONS }, (_, index) => {
    const byte = packed[start + (index >> 1)] ?? 0;
    return (index % 2 === 0 ? byte >> 4 : byte & 15) - ORIGIN;
  });
  return unit(values);
}

function add(sum: Float64Array, vector: Float64Array, weight: number): void {
  for (const [index, value] of vector.entries()) sum[index] = (sum[index] ?? 0) + weight * value;
}
