import type { Mutant } from './mutant.ts';

/** The result of one mutant. */
export interface MutantResult {
  readonly mutant: Mutant;
  /**
   * `hung`: caught, by a time limit. `stale`: its snippet does not occur exactly once. `untested`: its tests fail
   * without it.
   */
  readonly status: 'caught' | 'hung' | 'survived' | 'stale' | 'untested';
  /** The test that failed, or the problem. */
  readonly detail?: string;
  /** The file of the test that failed. */
  readonly caughtBy?: string;
  readonly seconds: number;
}

/** The figures of a run. */
export interface Summary {
  readonly total: number;
  readonly caught: number;
  /** Number of caught mutants that exceeded a time limit. */
  readonly hung: number;
  readonly survived: number;
  /** Number of surviving mutants whose entry explains why no test can catch them. */
  readonly explained: number;
  readonly stale: number;
  readonly untested: number;
}

/** Counts results. */
export function summarize(results: readonly MutantResult[]): Summary {
  const count = (matches: (result: MutantResult) => boolean): number => results.filter(matches).length;
  return {
    total: results.length,
    caught: count(({ status }) => status === 'caught' || status === 'hung'),
    hung: count(({ status }) => status === 'hung'),
    survived: count(({ status }) => status === 'survived'),
    explained: count(({ status, mutant }) => status === 'survived' && mutant.survives !== undefined),
    stale: count(({ status }) => status === 'stale'),
    untested: count(({ status }) => status === 'untested'),
  };
}

/** Whether every mutant was caught, or its entry explains why not. */
export function holds({ survived, explained, stale, untested }: Summary): boolean {
  return survived === explained && stale + untested === 0;
}
