import { join } from 'node:path';
import { packageManager, run } from './run.ts';

// `pnpm check [step…]`: everything but the tests, cheapest first, stops at the first failure.

const root = join(import.meta.dirname, '../..');
const source = '--conditions=@slack-mcp/source';
const pnpm = packageManager();

const steps: ReadonlyMap<string, readonly string[]> = new Map([
  ['lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['architecture', ['node', 'tooling/scripts/check-architecture.ts']],
  ['docs', ['node', source, 'tooling/scripts/sync-docs.ts', '--check']],
  // One program for all published packages, one for the rest: a program for each package takes several times as long.
  ['types', ['tsc', '-p', 'tsconfig.packages.json']],
  ['root-types', ['tsc', '-p', 'tsconfig.json']],
  ['build', [pnpm.command, ...pnpm.args, 'exec', 'turbo', 'run', 'build']],
  ['packages', ['node', source, 'tooling/scripts/check-packages.ts']],
]);

const wanted = process.argv.slice(2).filter((argument) => argument !== '--');
const unknown = wanted.filter((name) => !steps.has(name));
if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(', ')}; steps are ${[...steps.keys()].join(', ')}`);
  process.exit(2);
}

for (const [name, [command = '', ...args]] of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = performance.now();
  const { code } = await run(command, args, { cwd: root, env: { TURBO_TELEMETRY_DISABLED: '1' } });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`${code === 0 ? 'ok' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) process.exit(1);
}
