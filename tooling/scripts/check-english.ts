import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedIn, type Baseline, shrink } from './english/baseline.ts';
import { findPhrases } from './english/find-phrases.ts';
import { listFiles } from './list-files.ts';

// Finds phrases to avoid in READMEs, documents, comments, test names and error texts. Files in the baseline may keep
// their number of phrases. `--shrink` removes rewritten files from the baseline, `--all` shows the remaining phrases.

const root = join(import.meta.dirname, '../..');
const file = join(import.meta.dirname, 'english/baseline.json');
const baseline = JSON.parse(readFileSync(file, 'utf8')) as Baseline;
const all = process.argv.includes('--all');

const paths = listFiles(root, '*.md', 'packages/**/*.ts', 'tooling/**/*.ts', 'examples/**/*.ts').filter(
  (path) => !/(^|\/)CHANGELOG\.md$|^tooling\/scripts\/(?:english\/|check-english|test\/english)/.test(path),
);
const present = new Set(paths);
const counts: Record<string, number> = {};
let refused = 0;
for (const path of paths) {
  const findings = findPhrases(path, readFileSync(join(root, path), 'utf8'));
  if (findings.length > 0) counts[path] = findings.length;
  const allowed = allowedIn(path, baseline, present);
  if (findings.length > allowed) refused += 1;
  if (findings.length <= allowed && !all) continue;
  for (const { line, found, write } of findings) console.error(`${path}:${line} "${found}": write ${write}`);
  if (findings.length > allowed) console.error(`${path}: ${findings.length} phrases, ${allowed} were there before`);
}

const left = Object.values(counts).reduce((sum, count) => sum + count, 0);
if (process.argv.includes('--shrink')) {
  writeFileSync(file, `${JSON.stringify(shrink(baseline, counts, present), undefined, 2)}\n`);
}
console.error(`${paths.length} files, ${left} old phrases in ${Object.keys(counts).length}, ${refused} files refused`);
process.exitCode = refused === 0 && paths.length > 0 ? 0 : 1;
