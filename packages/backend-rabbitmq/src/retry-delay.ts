/**
 * The delays from 10 to 99 ms. The longer delays are these values multiplied by 10, 100 and so on. Each delay is at
 * most 25 % longer than the previous delay.
 */
const STEPS = [10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 75, 90];
const SHORTEST_MS = 10;
/** Maximum delay in milliseconds, because RabbitMQ accepts at most 2^32 - 1. */
const LONGEST_MS = 4_000_000_000;

/** Rounds a delay up to one of a few fixed delays, so that the number of delay queues stays small. */
export function retryDelayMs(delayMs: number): number {
  if (delayMs <= SHORTEST_MS) return SHORTEST_MS;
  const power = 10 ** (Math.floor(Math.log10(delayMs)) - 1);
  const step = STEPS.find((each) => each * power >= delayMs) ?? 100;
  return Math.min(Math.round(step * power), LONGEST_MS);
}
