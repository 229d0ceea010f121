/** Runs `step` `count` times with a given concurrency. Resolves to steps per second. */
export async function inFlight(count: number, concurrency: number, step: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      await step();
    }
  };
  return perSecond(count, () => Promise.all(Array.from({ length: concurrency }, lane)));
}

/** Starts `step` at a fixed rate, without waiting for earlier ones. Resolves to the 99th percentile in ms. */
export async function atRate(count: number, ratePerSecond: number, step: () => Promise<unknown>): Promise<number> {
  const latencies: number[] = [];
  const begin = performance.now();
  const steps: Promise<void>[] = [];
  while (steps.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begin) * ratePerSecond) / 1_000));
    while (steps.length < due) steps.push(timed(step, latencies));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(steps);
  return latencies.sort((a, b) => a - b)[Math.floor(0.99 * count)] ?? 0;
}

/** The rate at which `run` does `count` steps, per second. */
export async function perSecond(count: number, run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return (count * 1_000) / (performance.now() - begin);
}

async function timed(step: () => Promise<unknown>, latencies: number[]): Promise<void> {
  const begin = performance.now();
  await step();
  latencies.push(performance.now() - begin);
}
