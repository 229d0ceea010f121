import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawSentences } from './prose/draw-sentences.ts';
import { readSentences } from './prose/read-sentences.ts';

// `pnpm prose [--seed n] [--count n] [--under path]`: draws sentences from READMEs, TSDoc, errors and tool descriptions
// for review. The same seed draws the same sentences.

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '30' },
    under: { type: 'string', default: '' },
  },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) {
  console.error('--seed and --count must be whole numbers (for example --seed 7 --count 30)');
  process.exit(2);
}
const sentences = readSentences(root).filter(({ path }) => path.startsWith(values.under));
for (const { kind, path, line, text } of drawSentences(sentences, { seed, count })) {
  console.log(`${path}:${line} [${kind}]\n  ${text}`);
}
console.error(`${sentences.length} sentences`);
