import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

/** What a server used. */
export interface Usage {
  /** Bytes in use after garbage collection. */
  readonly bytes: number;
  /** The longest time that the event loop was blocked since the last report, in milliseconds. */
  readonly longestSliceMs: number;
  /** Processor time since the start, in microseconds. */
  readonly cpuUs: number;
  /** Resident memory in MiB, before garbage collection. */
  readonly rssMiB: number;
}

/** A question about the usage. */
export interface UsageQuestion {
  /** Whether to answer at once, without garbage collection. */
  readonly quick?: boolean;
}

/** Answers every message of the parent process with the usage. Ends with the parent. */
export function reportUsage(): void {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', async ({ quick = false }: UsageQuestion) => {
    const longestSliceMs = delay.max / 1e6;
    const { user, system } = process.cpuUsage();
    const rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
    for (let round = 0; round < 3 && !quick; round += 1) {
      globalThis.gc?.();
      await setTimeout(20);
    }
    const { heapUsed, external } = process.memoryUsage();
    delay.reset();
    process.send?.({ bytes: heapUsed + external, longestSliceMs, cpuUs: user + system, rssMiB } satisfies Usage);
  });
  process.once('disconnect', () => process.exit());
}
