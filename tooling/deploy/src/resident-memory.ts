import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MIB_OF_KIB = 1_024;

/** The resident memory of a process in MiB; 0 if there is no such process. */
export async function residentMemory(pid: number): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Math.round(Number(stdout) / MIB_OF_KIB);
  } catch {
    return 0;
  }
}

/** How much the memory of a process grew after its start. */
export interface MemoryGrowth {
  /** Median of the second fifth of the samples, in MiB. */
  readonly before: number;
  /** Median of the last fifth, in MiB. */
  readonly after: number;
}

/** Compares the second fifth of samples with the last. In the first fifth, code is compiled and caches fill. */
export function memoryGrowth(samples: readonly number[]): MemoryGrowth {
  const fifth = (index: number): number => {
    const size = Math.ceil(samples.length / 5);
    const part = samples.slice(index * size, (index + 1) * size).sort((a, b) => a - b);
    return part[Math.floor(part.length / 2)] ?? 0;
  };
  return { before: fifth(1), after: fifth(4) };
}

/** Growth in MiB that garbage collection explains. */
const NOISE_MIB = 48;

/** Whether memory stayed flat: it grew by at most a fifth, or by no more than garbage collection explains. */
export function isFlat({ before, after }: MemoryGrowth): boolean {
  return after <= before * 1.2 || after - before <= NOISE_MIB;
}
