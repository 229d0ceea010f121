/** How thoroughly a benchmark measures. */
export interface BenchOptions {
  /** Whether to use short runs, which only check that the benchmark works. */
  readonly quick: boolean;
  /** Number of measured rounds, after one warm-up round. */
  readonly rounds: number;
  /** The only metric to measure; default: all of them. */
  readonly only?: string | undefined;
}

/** Whether to measure a metric. */
export function wants({ only }: BenchOptions, metric: string): boolean {
  return only === undefined || only === metric;
}
