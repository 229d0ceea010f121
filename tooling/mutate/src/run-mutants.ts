import { relative } from 'node:path';
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
 * @returns the test files that fail without a mutant, with the reason; such a file would seem to catch every mutant
 */
export async function checkUnchanged(
  mutants: readonly Mutant[],
  options: MutantRun,
): Promise<ReadonlyMap<string, string>> {
  const failing = new Map<string, string>();
  const projects = [...Map.groupBy(mutants, ({ project }) => project)];
  await inParallel(projects, options.copies, async ([project, group], { root }) => {
    let files: readonly string[] = [...new Set(group.flatMap(({ tests }) => tests))];
    const run = { root, project, seed: options.seed, signal: options.signal, bail: false };
    const limitMs = options.limitMs + files.length * 15_000;
    let outcome = await runTests({ ...run, files, limitMs });
    if (outcome.kind !== 'passed') {
      // Tests can fail on a busy machine: run those that failed once more.
      const failed = outcome.files.map((file) => relative(root, file));
      if (failed.length > 0) files = failed;
      options.progress(`unchanged: ${firstLine(outcome.test)} fails, runs again`);
      outcome = await runTests({ ...run, files, limitMs });
    }
    if (outcome.kind === 'passed') return options.progress(`unchanged: the test files of ${project} pass`);
    const failed = outcome.files.length === 0 ? files : outcome.files.map((file) => relative(root, file));
    for (const file of failed) failing.set(file, outcome.test);
    options.progress(`unchanged: these fail and catch nothing: ${failed.join(', ')}`);
  });
  return failing;
}

/**
 * Runs the tests of each mutant, one mutant at a time in each copy.
 *
 * @param failing - files that fail without a mutant
 */
export async function runMutants(
  mutants: readonly Mutant[],
  failing: ReadonlyMap<string, string>,
  options: MutantRun,
): Promise<MutantResult[]> {
  const results: MutantResult[] = [];
  await inParallel(mutants, options.copies, async (mutant, copy) => {
    const useless = mutant.tests.find((file) => failing.has(file));
    const result: MutantResult =
      useless === undefined
        ? await runMutant(mutant, copy, options)
        : { mutant, status: 'untested', seconds: 0, detail: `${useless} fails without it: ${failing.get(useless)}` };
    results.push(result);
    const { status, seconds, caughtBy, detail } = result;
    const line = `${results.length}/${mutants.length} ${status.padEnd(8)} ${mutant.id} (${seconds} s)`;
    const why = [caughtBy, detail === undefined ? undefined : firstLine(detail)].filter((part) => part !== undefined);
    options.progress([line, ...why].join(': '));
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
    const caughtBy = outcome.files[0] === undefined ? {} : { caughtBy: relative(copy.root, outcome.files[0]) };
    return { ...done(outcome.kind === 'hung' ? 'hung' : 'caught', outcome.test), ...caughtBy };
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
