import type { Mutant } from './mutant.ts';
import { StaleMutantError } from './mutate-text.ts';
import type { MutantResult } from './result.ts';
import { runTests } from './run-tests.ts';
import type { WorkingCopy } from './working-copy.ts';

/** Options of `runMutants`. */
export interface MutantRun {
  /** One for each mutant that runs at a time. */
  readonly copies: readonly WorkingCopy[];
  /** Milliseconds for the tests of one mutant. */
  readonly limitMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  progress(line: string): void;
}

/**
 * Runs the tests without any mutant.
 *
 * @throws Error when they fail: they would then catch every mutant
 */
export async function checkUnchanged(mutants: readonly Mutant[], options: MutantRun): Promise<void> {
  const projects = [...Map.groupBy(mutants, ({ project }) => project)];
  await inParallel(projects, options.copies, async ([project, group], { root }) => {
    const files = [...new Set(group.flatMap(({ tests }) => tests))];
    const run = { root, project, files, seed: options.seed, signal: options.signal, bail: false };
    let outcome = await runTests({ ...run, limitMs: options.limitMs + files.length * 15_000 });
    if (outcome.kind !== 'passed' && outcome.files.length > 0) {
      // Tests can fail on a busy machine: run the files that failed once more, by themselves.
      options.progress(`unchanged: this fails: ${outcome.test}; its files run again`);
      outcome = await runTests({ ...run, files: outcome.files, limitMs: options.limitMs });
    }
    if (outcome.kind !== 'passed') throw new Error(`${project}: without a mutant, this fails: ${outcome.test}`);
    options.progress(`unchanged: ${files.length} test files of ${project} pass`);
  });
}

/** Runs the tests of each mutant, one mutant at a time in each copy. */
export async function runMutants(mutants: readonly Mutant[], options: MutantRun): Promise<MutantResult[]> {
  const results: MutantResult[] = [];
  await inParallel(mutants, options.copies, async (mutant, copy) => {
    const result = await runMutant(mutant, copy, options);
    results.push(result);
    const { status, seconds, detail } = result;
    const line = `${results.length}/${mutants.length} ${status.padEnd(8)} ${mutant.id} (${seconds} s)`;
    options.progress(detail === undefined ? line : `${line}: ${firstLine(detail)}`);
  });
  return results;
}

async function runMutant(mutant: Mutant, copy: WorkingCopy, options: MutantRun): Promise<MutantResult> {
  const started = performance.now();
  const done = (status: MutantResult['status'], detail?: string): MutantResult => {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { mutant, status, seconds, ...(detail !== undefined && { detail }) };
  };
  const { project, tests: files } = mutant;
  const { limitMs, seed, signal } = options;
  try {
    const outcome = await copy.withMutant(mutant, () =>
      runTests({ root: copy.root, project, files, limitMs, seed, signal }),
    );
    if (outcome.kind === 'passed') return done('survived', mutant.survives);
    return done(outcome.kind === 'hung' ? 'hung' : 'caught', outcome.test);
  } catch (error) {
    if (error instanceof StaleMutantError) return done('stale', error.message);
    throw error;
  }
}

/** Hands each item to the next copy that is free. */
async function inParallel<Item>(
  items: readonly Item[],
  copies: readonly WorkingCopy[],
  work: (item: Item, copy: WorkingCopy) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const workers = copies.map(async (copy) => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item, copy);
  });
  await Promise.all(workers);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 160) ?? '';
}
