/** What a run showed besides its rate. */
export interface Detail {
  p50Ms: number;
  p99Ms: number;
  rssMiB: number;
  /** Processor time of the server for each request, in microseconds. */
  cpuUs: number;
}

/** The details of both sides, each the median of the rounds. `reference…` belongs to the other side. */
export type Details = Detail & {
  [Name in keyof Detail as `reference${Capitalize<Name>}`]: number;
};

/** Collects the details of a comparison. */
export interface DetailRecorder {
  note(side: 'ours' | 'theirs', detail: Detail): void;
  /** The medians of all rounds except the first, which warms up. */
  medians(): Details;
}

/** Creates a recorder without details. */
export function createDetailRecorder(): DetailRecorder {
  const noted: Record<'ours' | 'theirs', Detail[]> = { ours: [], theirs: [] };
  const median = (side: 'ours' | 'theirs', name: keyof Detail): number => {
    const sorted = noted[side]
      .slice(1)
      .map((detail) => detail[name])
      .sort((a, b) => a - b);
    return Number((sorted[Math.floor(sorted.length / 2)] ?? 0).toPrecision(3));
  };
  return {
    note: (side, detail) => noted[side].push(detail),
    medians: () => ({
      p50Ms: median('ours', 'p50Ms'),
      p99Ms: median('ours', 'p99Ms'),
      rssMiB: median('ours', 'rssMiB'),
      cpuUs: median('ours', 'cpuUs'),
      referenceP50Ms: median('theirs', 'p50Ms'),
      referenceP99Ms: median('theirs', 'p99Ms'),
      referenceRssMiB: median('theirs', 'rssMiB'),
      referenceCpuUs: median('theirs', 'cpuUs'),
    }),
  };
}
