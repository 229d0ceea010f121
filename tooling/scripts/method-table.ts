import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderMethodTable } from './methods/method-table.ts';

// Writes the table of Slack's methods for `slack_find_method` and `slack_call_method`. `--check` only reports whether it
// is up to date.

const root = join(import.meta.dirname, '../..');
const file = join(root, 'packages/server/src/tools/toolsets/methods/method-table.json');
const rendered = renderMethodTable(root);

if (!process.argv.includes('--check')) {
  writeFileSync(file, rendered);
} else if (readFileSync(file, 'utf8') !== rendered) {
  console.error('the table of methods is out of date; run: node tooling/scripts/method-table.ts');
  process.exitCode = 1;
}
