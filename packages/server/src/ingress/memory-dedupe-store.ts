import { type DedupeClaim, type DedupeStore, QueueTimeoutError } from '@slack-mcp/core';
import { createRecentIds, type RecentIdsOptions } from './recent-ids.ts';

const SETTLED = Promise.resolve();

/** A claim that is neither confirmed nor released. `settled` exists only if another request waits for the claim. */
interface PendingClaim {
  settled: PromiseWithResolvers<void> | undefined;
}

/**
 * Creates a {@link DedupeStore} in the memory of this process. The store remembers published messages for 15 minutes by
 * default.
 */
export function createMemoryDedupeStore(options: RecentIdsOptions = {}): DedupeStore {
  const published = createRecentIds(options);
  const pending = new Map<string, PendingClaim>();

  function take(id: string): DedupeClaim {
    const claim: PendingClaim = { settled: undefined };
    pending.set(id, claim);
    const settle = (): Promise<void> => {
      if (pending.get(id) === claim) pending.delete(id);
      claim.settled?.resolve();
      return SETTLED;
    };
    return {
      confirm: () => {
        published.add(id);
        return settle();
      },
      release: settle,
    };
  }

  return {
    claim: async (id, timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        if (published.has(id)) return 'published';
        const other = pending.get(id);
        if (other === undefined) return take(id);
        other.settled ??= Promise.withResolvers();
        await settledBy(other.settled.promise, deadline - performance.now());
      }
    },
  };
}

async function settledBy(other: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new QueueTimeoutError(
      'the same message is already being published, and the outcome is not known yet; Slack will send the message again',
    );
    timer = setTimeout(reject, timeoutMs, error);
  });
  try {
    await Promise.race([other, late]);
  } finally {
    clearTimeout(timer);
  }
}
