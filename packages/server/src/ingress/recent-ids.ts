/** Remembers ids for a limited time. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
  readonly size: number;
}

/** Options of {@link createRecentIds}. */
export interface RecentIdsOptions {
  /**
   * Milliseconds for which an id is remembered; default 15 minutes, because Slack's last retry comes after about six
   * minutes.
   */
  readonly windowMs?: number;
  /** Maximum number of ids. If an id is added to a full set, the oldest id is removed. Default 100000. */
  readonly maxIds?: number;
  /** A monotonic clock in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/** Creates a set that remembers a limited number of ids for a limited time. */
export function createRecentIds(options: RecentIdsOptions = {}): RecentIds {
  const { windowMs = 15 * 60_000, maxIds = 100_000, now = () => performance.now() } = options;
  // In insertion order, which is also the order of expiry.
  const expiries = new Map<string, number>();

  function forget(): void {
    for (const [id, expiry] of expiries) {
      if (expiry > now() && expiries.size <= maxIds) return;
      expiries.delete(id);
    }
  }

  return {
    has: (id) => (expiries.get(id) ?? Number.NEGATIVE_INFINITY) > now(),
    add: (id) => {
      expiries.delete(id);
      expiries.set(id, now() + windowMs);
      forget();
    },
    get size() {
      return expiries.size;
    },
  };
}
