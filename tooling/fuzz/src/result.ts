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
  /**
   * Memory that the process under test held on to with all garbage collected and no request on its way, in MiB: after
   * the first two fifths of the run and at its end. NaN where it had ended.
   */
  heldMiB: { early: number; late: number };
}

/** How to run a fuzz target. */
export interface FuzzOptions {
  requests: number;
  seed: number;
  /** A module that the process under test loads first. */
  preload?: URL;
  /** Told of what is unexpected, and of how far it is. */
  progress(line: string): void;
}

/** One thing that can be fuzzed. */
export type FuzzTarget = (options: FuzzOptions) => Promise<FuzzResult>;
