import type { Sentence } from './read-sentences.ts';

/** Draws `count` sentences, in equal shares of each kind if possible. The same seed draws the same sentences. */
export function drawSentences(
  sentences: readonly Sentence[],
  { seed, count }: { seed: number; count: number },
): Sentence[] {
  const random = mulberry32(seed);
  const kinds = [...Map.groupBy(sentences, ({ kind }) => kind).values()].map((group) => [...group]);
  const drawn: Sentence[] = [];
  while (drawn.length < count && kinds.some((group) => group.length > 0)) {
    for (const group of kinds) {
      if (drawn.length === count || group.length === 0) continue;
      drawn.push(...group.splice(Math.floor(random() * group.length), 1));
    }
  }
  return drawn;
}

/** A small generator of numbers from 0 (inclusive) to 1 (exclusive). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
