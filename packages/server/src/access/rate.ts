/** How often something may be done. */
export interface RateLimits {
  /** So many at once, after a while in which nothing was done. */
  readonly burst: number;
  /** So many a second in the long run. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Callers beyond which those are forgotten who have their whole burst again. */
const MANY_CALLERS = 1_000;

/** Bounds how often each caller does something, with a bucket of tokens for each. */
export class Rate {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now - milliseconds; default `performance.now` */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The most that can be done at once. */
  get burst(): number {
    return this.#limits.burst;
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Does something so many times, or not at all; more than a burst never is.
   *
   * @returns 0 where it is done, else after how many seconds it can be, or a burst can
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
