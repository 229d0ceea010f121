import { createRandom } from './random.ts';

/** How a worker consumes. */
export interface WorkerProfile {
  readonly ack: 'on-next' | 'manual';
  readonly prefetch: number;
  /** Number of concurrent handlers. 1 with `on-next`. */
  readonly concurrency: number;
}

/** What a handler does with a message: it handles the message, or fails first in one of these ways. */
export type Conduct = 'handle' | 'linger' | 'nack' | 'throw' | 'crash';

const prefetches = [16, 32, 64, 100];

/** The profile of a worker. Half of the members of each group ack explicitly. */
export function workerProfile(seed: number, worker: number, groups: number): WorkerProfile {
  const prefetch = prefetches[Math.floor(createRandom(seed, worker)() * prefetches.length)] as number;
  const manual = Math.floor(worker / groups) % 2 === 1;
  return { prefetch, ack: manual ? 'manual' : 'on-next', concurrency: manual ? Math.min(8, prefetch) : 1 };
}

/** Each behavior affects one in this many messages. */
const shares = { crash: 5_000, throw: 2_000, linger: 1_000, nack: 200 } as const;

/** What the handlers of a group do with an event at its first delivery. */
export function conductOf(seed: number, group: number, event: number): Conduct {
  const number = createRandom(seed, 0x636f6e64, group, event)();
  let share = 0;
  for (const conduct of ['crash', 'throw', 'linger', 'nack'] as const) {
    share += 1 / shares[conduct];
    if (number < share) return conduct;
  }
  return 'handle';
}
