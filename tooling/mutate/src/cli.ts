import { setPriority } from 'node:os';
import { join } from 'node:path';
import { allMutants } from './mutants/all-mutants.ts';
import { type MutateOptions, readOptions, usage } from './options.ts';
import { holds, type MutantResult, summarize } from './result.ts';
import { checkUnchanged, runMutants } from './run-mutants.ts';
import { createWorkingCopy, type WorkingCopy } from './working-copy.ts';

const ROOT = join(import.meta.dirname, '../../..');

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: MutateOptions | undefined;
  try {
    options = readOptions(args, allMutants);
  } catch (error) {
    progress(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === undefined || options.list) {
    const ids = options?.mutants.map(({ id, file }) => `${id.padEnd(50)} ${file}`);
    process.stdout.write(`${ids?.join('\n') ?? usage}\n`);
    return 0;
  }
  // Child processes inherit it: tests of a developer, and the machine, go first.
  setPriority(10);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  const copies: WorkingCopy[] = [];
  const started = performance.now();
  try {
    while (copies.length < Math.min(options.workers, options.mutants.length))
      copies.push(await createWorkingCopy(ROOT));
    const run = { ...options, copies, signal: stop.signal, progress };
    const failing = await checkUnchanged(options.mutants, run);
    const results = await runMutants(options.mutants, failing, run);
    return report(results, Math.round((performance.now() - started) / 1000), options.json);
  } catch (error) {
    stop.abort(error);
    progress((error as Error).message);
    return 1;
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()));
  }
}

function report(results: readonly MutantResult[], seconds: number, json: boolean): number {
  const summary = summarize(results);
  const open = results.filter(({ status }) => status !== 'caught' && status !== 'hung');
  const listed = open.map(({ mutant, status, detail }) => ({ id: mutant.id, status, file: mutant.file, detail }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...summary, seconds, open: listed })}\n`);
  } else {
    for (const { id, status, file, detail } of listed) {
      process.stdout.write(`${status} ${id} ${file}${detail === undefined ? '' : `\n  ${detail}`}\n`);
    }
    const { total, caught, hung, survived, explained, stale, untested } = summary;
    process.stdout.write(
      `${total} mutants: ${caught} caught (${hung} by a time limit), ${survived} survived (${explained} explained), ` +
        `${stale} stale, ${untested} untested, ${seconds} s\n`,
    );
  }
  return holds(summary) ? 0 : 1;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
