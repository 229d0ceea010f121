/** The limits of a rate. */
export interface RateLimits {
  /** Maximum number at once, after a pause. */
  readonly burst: number;
  /** Average number per second. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** At this number of callers, callers whose bucket is full again are forgotten. */
const MANY_CALLERS = 1_000;

/** Limits how often each caller does something, with a token bucket per caller. */
export class Rate {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now - milliseconds; default: `performance.now` */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** The maximum number at once. */
  get burst(): number {
    return this.#limits.burst;
  }

  /** How many callers are tracked. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes a number of tokens, or none at all. More than a burst is never available.
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
