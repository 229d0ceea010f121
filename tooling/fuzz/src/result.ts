/** The result of a fuzz run, as `--json` prints it. */
export interface FuzzResult {
  fuzz: string;
  seed: number;
  requests: number;
  /** Requests that were answered with success. */
  accepted: number;
  /** Requests that were refused correctly. */
  rejected: number;
  /** Requests that broke a guarantee. The run fails unless this is 0. */
  unexpected: number;
  seconds: number;
  /**
   * Memory in use by the tested process after garbage collection and without requests in flight, in MiB: after the
   * first two fifths of the run and at its end. NaN if the process had ended.
   */
  heldMiB: { early: number; late: number };
}

/** Options of a fuzz run. */
export interface FuzzOptions {
  requests: number;
  seed: number;
  /** A module that the tested process loads first. */
  preload?: URL;
  /** Receives unexpected results and the progress. */
  progress(line: string): void;
}

/** A fuzz target. */
export type FuzzTarget = (options: FuzzOptions) => Promise<FuzzResult>;
