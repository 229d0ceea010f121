/** The limits of a caller's token bucket. */
export interface RateLimits {
  /** Maximum number of tokens that can be taken at once. */
  readonly burst: number;
  /** Number of tokens added per second. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** If more callers than this are tracked, callers whose bucket is full again are removed. */
const MANY_CALLERS = 1_000;

/** Limits the rate of each caller with a token bucket per caller. */
export class Rate {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now - the clock, in milliseconds; the default is `performance.now` */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The maximum number of tokens that can be taken at once. */
  get burst(): number {
    return this.#limits.burst;
  }

  /** How many callers are tracked. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes the given number of tokens, or no tokens if too few are available. At most `burst` tokens are available at
   * once.
   *
   * @returns 0 if the tokens were taken, otherwise the seconds until enough tokens or a full burst are available
   */
  take(caller: string, times: number): number {
    const { burst, perSecond } = this.#limits;
    const bucket = this.#bucketOf(caller);
    if (bucket.tokens >= times) {
      bucket.tokens -= times;
      return 0;
    }
    return Math.max(1, Math.ceil((Math.min(times, burst) - bucket.tokens) / perSecond));
  }

  #bucketOf(caller: string): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(caller);
    if (known !== undefined) {
      this.#refill(known, now);
      return known;
    }
    if (this.#buckets.size >= MANY_CALLERS) this.#forget(now);
    const bucket = { tokens: this.#limits.burst, at: now };
    this.#buckets.set(caller, bucket);
    return bucket;
  }

  #refill(bucket: Bucket, now: number): void {
    const { burst, perSecond } = this.#limits;
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
  }

  #forget(now: number): void {
    for (const [caller, bucket] of this.#buckets) {
      this.#refill(bucket, now);
      if (bucket.tokens >= this.#limits.burst) this.#buckets.delete(caller);
    }
  }
}
