/** The result of a fuzz run, as `--json` prints it. */
export interface FuzzResult {
  fuzz: string;
  seed: number;
  requests: number;
  /** Answered with success. */
  accepted: number;
  /** Refused as they should be. */
  rejected: number;
  /** Against a promise: 0, or the run has failed. */
  unexpected: number;
  seconds: number;
  /** Resident memory of the process under test, in MiB: in the second quarter of the run and in its last. */
  rssMiB: { early: number; late: number };
}

/** How to run a fuzz target. */
export interface FuzzOptions {
  requests: number;
  seed: number;
  /** Told of what is unexpected, and of how far it is. */
  progress(line: string): void;
}

/** One thing that can be fuzzed. */
export type FuzzTarget = (options: FuzzOptions) => Promise<FuzzResult>;
