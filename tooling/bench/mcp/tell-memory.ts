import { setTimeout } from 'node:timers/promises';

/** Answers every message of the parent process with the bytes in use after garbage collection. Ends with the parent. */
export function tellMemory(): void {
  process.on('message', async () => {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await setTimeout(20);
    }
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ bytes: heapUsed + external });
  });
  process.once('disconnect', () => process.exit());
}
