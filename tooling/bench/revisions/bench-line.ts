import type { Measurement } from '../compare.ts';

/** A line that a benchmark printed. Additional figures (`p50Ms`, `rssMiB`, …) are numbers with their names. */
export type BenchLine = Measurement & Readonly<Record<string, unknown>>;

/** A quantity of a run, and in which direction it is better. */
export interface Quantity {
  readonly bench: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly value: number;
}

const DETAIL = /^(?:p\d+Ms|rssMiB|cpuUs)$/;

/** The JSON lines in a benchmark's standard output. */
export function parseBenchLines(output: string): BenchLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as BenchLine);
}

/** What a run measured of its own side: the metric of each line and its additional figures. */
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
  const [, quantity = name, suffix = ''] = /^(.*)(Ms|Us|MiB)$/.exec(name) ?? [];
  return { metric: `${metric} ${quantity}`, unit: { Ms: 'ms', Us: 'µs', MiB: 'MiB' }[suffix] ?? '' };
}

/** Whether a quantity is a rate, which is better when higher. All others (time, memory) are better when lower. */
function isRate(unit: string): boolean {
  return unit.endsWith('/s');
}
