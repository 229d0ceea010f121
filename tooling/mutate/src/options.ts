import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';

/** What `pnpm mutate` runs. */
export interface MutateOptions {
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly workers: number;
  readonly limitMs: number;
  readonly json: boolean;
  readonly list: boolean;
}

export const usage = `Usage: pnpm mutate [package] [--only id] [--seed n] [--workers n] [--limit s] [--list] [--json]

  package      the mutants of one folder in packages/; default: all
  --only id    one mutant, or each of an area: gates; repeatable
  --seed n     seed of property tests, default 1
  --workers n  mutants at a time, default 2
  --limit s    seconds for the tests of one mutant, default 120
  --list       print the mutants and run none
  --json       the result as one line of JSON

Exit codes: 0 every mutant is caught or explained, 1 one is not, 2 wrong use.`;

/**
 * Reads the arguments of `pnpm mutate`. Undefined: show the usage.
 *
 * @throws Error that says what is wrong
 */
export function readOptions(args: readonly string[], all: readonly Mutant[]): MutateOptions | undefined {
  const { values, positionals } = parseArgs({
    args: args.filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      limit: { type: 'string', default: '120' },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    mutants: choose(all, positionals, values.only),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 31 - 1),
    workers: wholeNumber('workers', values.workers, 1, 16),
    limitMs: wholeNumber('limit', values.limit, 1, 3600) * 1000,
    json: values.json,
    list: values.list,
  };
}

function choose(all: readonly Mutant[], packages: readonly string[], only: readonly string[]): readonly Mutant[] {
  for (const name of packages) {
    if (!all.some((mutant) => mutant.package === name)) {
      const known = [...new Set(all.map((mutant) => mutant.package))];
      throw new Error(`There are no mutants of ${JSON.stringify(name)}. Give one of: ${known.join(', ')}.`);
    }
  }
  for (const id of only) {
    if (!all.some((mutant) => means(id, mutant))) {
      throw new Error(`No mutant has the id ${JSON.stringify(id)}. \`pnpm mutate --list\` prints all ids.`);
    }
  }
  return all.filter(
    (mutant) =>
      (packages.length === 0 || packages.includes(mutant.package)) &&
      (only.length === 0 || only.some((id) => means(id, mutant))),
  );
}

/** The area is what stands before the slash. */
function means(id: string, mutant: Mutant): boolean {
  return mutant.id === id || mutant.id.startsWith(`${id}/`);
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new Error(`--${name} is ${JSON.stringify(text)}: give a whole number from ${from} to ${to}.`);
}
