import type { RateLimitTier } from './method.ts';

/**
 * The number of calls per minute that each tier allows. Source for `search`:
 * https://docs.slack.dev/reference/methods/assistant.search.context
 */
const CALLS_PER_MINUTE: Readonly<Record<RateLimitTier, number>> = { 1: 1, 2: 20, 3: 50, 4: 100, post: 60, search: 10 };
/**
 * The number of messages that `chat.postMessage` allows in a channel without a wait. On average, the method allows one
 * message per second and channel.
 */
const POST_BURST = 5;

/**
 * Applies Slack's rate limits with a token bucket for each method. A bucket holds the calls of one minute and is
 * refilled evenly, in real time.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /**
   * Takes one call from a bucket.
   *
   * @param key the name of the method; for `chat.postMessage`, the key also contains the channel
   * @returns undefined if the call is allowed; otherwise the number of seconds to wait, at least 1
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
