import type { RateLimitTier } from './method.ts';

const CALLS_PER_MINUTE: Readonly<Record<RateLimitTier, number>> = { 1: 1, 2: 20, 3: 50, 4: 100, post: 60 };
/** `chat.postMessage` allows one message per second and channel, and tolerates a short burst. */
const POST_BURST = 5;

/** Slack's limits by tier: one bucket per method, holding a minute's calls and refilled evenly, in real time. */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /**
   * Takes one call from a bucket.
   *
   * @param key the method; for `chat.postMessage`, also the channel
   * @returns the seconds to wait, at least 1, if the bucket is empty; otherwise undefined
   */
  take(key: string, tier: RateLimitTier): number | undefined {
    const capacity = tier === 'post' ? POST_BURST : CALLS_PER_MINUTE[tier];
    const perSecond = CALLS_PER_MINUTE[tier] / 60;
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return undefined;
  }
}
