/** How thoroughly a benchmark measures. */
export interface BenchOptions {
  /** Short runs, to see that it works. */
  readonly quick: boolean;
  /** Rounds that count, after one that warms up. */
  readonly rounds: number;
}
