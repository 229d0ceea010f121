import { join } from 'node:path';
import { type Check, runChecks } from './checks/run-checks.ts';
import { packageManager } from './run.ts';

// `pnpm check [name…]`: everything except the tests, fastest first, up to the first failure.

const root = join(import.meta.dirname, '../..');
const source = '--conditions=@slack-mcp/source';
const pnpm = packageManager();

const build = [...pnpm.args, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];

const checks: readonly Check[] = [
  {
    ...{ name: 'lint', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
    remedy: '`pnpm format` formats, sorts imports and applies safe fixes',
  },
  { name: 'architecture', command: 'node', args: ['tooling/scripts/check-architecture.ts'] },
  {
    ...{ name: 'docs', command: 'node', args: [source, 'tooling/scripts/sync-docs.ts', '--check'] },
    remedy: '`pnpm docs:sync` writes the generated parts',
  },
  {
    ...{ name: 'english', command: 'node', args: ['tooling/scripts/check-english.ts'] },
    remedy: '`tooling/scripts/english/phrases.ts` lists the phrases to avoid, and what to write instead',
  },
  { name: 'install-scripts', command: 'node', args: ['tooling/scripts/check-install-scripts.ts'] },
  { name: 'changesets', command: 'node', args: ['tooling/scripts/check-changesets.ts'] },
  // One TypeScript program for all published packages and one for the rest. One per package takes several times as
  // long.
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.packages.json'] },
  { name: 'root-types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'build', command: pnpm.command, args: build },
  {
    ...{ name: 'api', command: 'node', args: ['tooling/scripts/check-api.ts', '--check'] },
    remedy: '`pnpm api` writes the reports; add a changeset for each package whose public types changed',
  },
  { name: 'packages', command: 'node', args: [source, 'tooling/scripts/check-packages.ts'] },
];

const wanted = process.argv.slice(2).filter((argument) => argument !== '--');
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`no such check: ${unknown.join(', ')}; available: ${checks.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const passed = await runChecks(chosen, { cwd: root, print: (line) => console.error(line) });
process.exitCode = passed ? 0 : 1;
