import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { toolChanges } from './docs/tool-changes.ts';

/**
 * `node tooling/scripts/tool-changes.ts [REV]` shows what changed in the list of tools since a revision (default
 * `main`): names, descriptions, arguments and tokens. It compares `docs/tools.md`, which the checks keep up to date.
 */
const [revision = 'main'] = process.argv.slice(2);
const PAGE = 'docs/tools.md';

let before: string;
try {
  before = execFileSync('git', ['show', `${revision}:${PAGE}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
} catch {
  console.log(`There is no ${PAGE} at ${revision} in this checkout: nothing to compare.`);
  process.exit(0);
}
const changes = toolChanges(before, readFileSync(PAGE, 'utf8'));
console.log(changes.length === 0 ? `The list of tools is the same as at ${revision}.` : changes.join('\n'));
