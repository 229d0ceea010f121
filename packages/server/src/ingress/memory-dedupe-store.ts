import { type DedupeClaim, type DedupeStore, QueueTimeoutError } from '@slack-mcp/core';
import { createRecentIds, type RecentIdsOptions } from './recent-ids.ts';

/**
 * Creates a {@link DedupeStore} in the memory of this process. The store remembers published messages for 15 minutes by
 * default.
 */
export function createMemoryDedupeStore(options: RecentIdsOptions = {}): DedupeStore {
  const published = createRecentIds(options);
  const pending = new Map<string, Promise<void>>();

  function take(id: string): DedupeClaim {
    const { promise, resolve } = Promise.withResolvers<void>();
    pending.set(id, promise);
    const settle = (): void => {
      if (pending.get(id) === promise) pending.delete(id);
      resolve();
    };
    return {
      confirm: async () => {
        published.add(id);
        settle();
      },
      release: async () => settle(),
    };
  }

  return {
    claim: async (id, timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        if (published.has(id)) return 'published';
        const other = pending.get(id);
        if (other === undefined) return take(id);
        await settledBy(other, deadline - performance.now());
      }
    },
  };
}

async function settledBy(other: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new QueueTimeoutError(
      'the same message is already being published, and the outcome is not known yet',
    );
    timer = setTimeout(reject, timeoutMs, error);
  });
  try {
    await Promise.race([other, late]);
  } finally {
    clearTimeout(timer);
  }
}
