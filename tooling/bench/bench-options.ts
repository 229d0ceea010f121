/** How thoroughly a benchmark measures. */
export interface BenchOptions {
  /** Whether to use short runs, which only check that the benchmark works. */
  readonly quick: boolean;
  /** Number of measured rounds, after one warm-up round. */
  readonly rounds: number;
}
