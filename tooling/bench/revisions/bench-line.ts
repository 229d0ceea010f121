import type { Measurement } from '../compare.ts';

/** A line that a benchmark printed. Details beside the rate (`p50Ms`, `rssMiB`, …) are numbers by their names. */
export type BenchLine = Measurement & Readonly<Record<string, unknown>>;

/** One quantity of a run, and which way it is better. */
export interface Quantity {
  readonly bench: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly value: number;
}

const DETAIL = /^(?:p\d+Ms|rssMiB)$/;

/** The JSON lines in what a benchmark printed to standard output. */
export function parseBenchLines(output: string): BenchLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as BenchLine);
}

/** What a run measured of its own side: the metric of each line and the details beside it. */
export function quantitiesOf(lines: readonly BenchLine[]): Quantity[] {
  return lines.flatMap((line) => {
    const { bench, ours, reference, unit } = line;
    const isShared = lines.filter((other) => other.bench === bench && other.metric === line.metric).length > 1;
    const metric = isShared ? `${line.metric} (beside ${reference})` : line.metric;
    const details = Object.entries(line)
      .filter((entry): entry is [string, number] => DETAIL.test(entry[0]) && typeof entry[1] === 'number')
      .map(([name, value]) => ({ bench, ...detailOf(metric, name), better: 'less' as const, value }));
    return [
      { bench, metric, unit, better: isRate(unit) ? ('more' as const) : ('less' as const), value: ours },
      ...details,
    ];
  });
}

function detailOf(metric: string, name: string): { metric: string; unit: string } {
  const unit = name.endsWith('MiB') ? 'MiB' : 'ms';
  return { metric: `${metric} ${name.replace(/Ms$|MiB$/, '')}`, unit };
}

/** A rate is better when it is higher, any other quantity (time, memory) when it is lower. */
function isRate(unit: string): boolean {
  return unit.endsWith('/s');
}
