import type { Delivery } from './delivery.ts';
import type { CutOffPoint } from './post.ts';

/** Decides whether to cut off the connection of an attempt; `retryNum` is 0 for the first attempt. */
export type CutOffPredicate = (delivery: Delivery, retryNum: number) => boolean;

/** Decides which connections the simulator cuts off. */
export class CutOffs {
  #remaining = 0;
  #predicate: CutOffPredicate | undefined;
  #at: CutOffPoint = 'after-answer';

  /**
   * Cuts off the first attempt of each of the next `next` deliveries, or every attempt for which the predicate returns
   * `true`; 0 stops cutting off.
   */
  set(next: number | CutOffPredicate, at: CutOffPoint): void {
    this.#predicate = typeof next === 'function' ? next : undefined;
    this.#remaining = typeof next === 'number' ? next : 0;
    this.#at = at;
  }

  /** Returns where to cut off this attempt, or undefined if the attempt is not cut off. */
  take(delivery: Delivery, retryNum: number): CutOffPoint | undefined {
    if (this.#predicate?.(delivery, retryNum)) return this.#at;
    if (retryNum > 0 || this.#remaining === 0) return undefined;
    this.#remaining -= 1;
    return this.#at;
  }
}
