import { type BenchLine, quantitiesOf } from './bench-line.ts';
import { checkOut } from './check-out.ts';
import { runBench, WrongUse } from './run-bench.ts';
import { type RevisionMeasurement, type Round, unmatched, verdictsOf } from './verdicts.ts';

/** What to compare, and how thoroughly. */
export interface RevisionComparison {
  /** The working tree to measure, with its uncommitted changes. */
  readonly root: string;
  /** The commit to compare it with, under any name that git knows. */
  readonly revision: string;
  /** Benchmarks that both trees have. */
  readonly names: readonly string[];
  /** At least 5. */
  readonly rounds: number;
  /** Whether to use short runs on both sides. */
  readonly quick: boolean;
  /** Ends the comparison and removes the temporary worktree. */
  readonly signal?: AbortSignal;
  /** Receives lines about the progress. */
  progress(line: string): void;
}

type Side = keyof Round;
type RunSide = (side: Side, args: readonly string[]) => Promise<BenchLine[]>;

/** Each side comes first, second and last equally often. */
const ORDERS: readonly (readonly Side[])[] = [
  ['ours', 'theirs', 'again'],
  ['theirs', 'again', 'ours'],
  ['again', 'ours', 'theirs'],
];

/**
 * Compares this working tree with another commit, one metric after the other. Every round runs this tree, the commit,
 * and this tree again, in changing order. The difference between the two runs of this tree is the spread that a real
 * difference must exceed. Each tree runs its own benchmark, so both must measure the same load.
 */
export async function* compareRevisions(comparison: RevisionComparison): AsyncGenerator<RevisionMeasurement> {
  const { root, revision, names, rounds, quick, signal, progress } = comparison;
  progress(`installing ${revision} in a temporary worktree`);
  await using checkout = await checkOut(root, revision);
  for (const name of names) {
    const runSide = (side: Side, args: readonly string[]): Promise<BenchLine[]> =>
      runBench(side === 'theirs' ? checkout.folder : root, args, signal);
    const args = await sharedArguments(runSide, [name, ...(quick ? ['--quick'] : [])]);
    const measured: Round[] = [];
    for (let index = 0; index < rounds; index += 1) {
      progress(`${name}: round ${index + 1} of ${rounds}`);
      measured.push(await runRound(runSide, ORDERS[index % ORDERS.length] ?? [], args));
    }
    const alone = unmatched(measured);
    if (alone.ours.length > 0) progress(`only this tree measures ${alone.ours.join('; ')}`);
    if (alone.theirs.length > 0) progress(`only ${checkout.commit} measures ${alone.theirs.join('; ')}`);
    yield* verdictsOf(measured, checkout.commit);
  }
}

async function runRound(runSide: RunSide, order: readonly Side[], args: string[]): Promise<Round> {
  const round: { -readonly [S in Side]: Round[S] } = { ours: [], again: [], theirs: [] };
  for (const side of order) round[side] = quantitiesOf(await runSide(side, args));
  return round;
}

/**
 * One round inside each run is sufficient, because the runs are repeated. If the commit's benchmark does not support
 * this option, neither tree uses it. The runs that check this fill the build caches.
 */
async function sharedArguments(runSide: RunSide, args: string[]): Promise<string[]> {
  const once = [...args, '--rounds', '1'];
  try {
    await runSide('theirs', once);
    return once;
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    return args;
  }
}
