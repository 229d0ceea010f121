import { Deque } from '../delivery/deque.ts';
import type { OrderingKeyState, PendingPublish, PublishQueue } from './pending-publish.ts';

/** Keeps the messages of an ordering key on one lane; with `oneAtATime`, one of them there at a time. */
export class OrderingKeys {
  readonly #states = new Map<string, OrderingKeyState>();
  readonly #oneAtATime: boolean;

  constructor(oneAtATime: boolean) {
    this.#oneAtATime = oneAtATime;
  }

  /**
   * Puts a message that has an ordering key into its lane, or behind an earlier one of its key.
   *
   * @param choose - the lane when the publisher holds no other of its key
   */
  enter(pending: PendingPublish, choose: () => PublishQueue): void {
    const { key, orderingKey } = pending.message;
    // A key holds no line break.
    const id = `${key}\n${orderingKey}`;
    let state = this.#states.get(id);
    if (state === undefined) {
      state = { id, lane: choose(), count: 0, behind: new Deque() };
      this.#states.set(id, state);
    }
    state.count += 1;
    pending.order = state;
    if (this.#oneAtATime && state.count > 1) state.behind.push(pending);
    else state.lane.push(pending);
  }

  /** The publisher no longer holds the message: the next of its ordering key may go. */
  leave(state: OrderingKeyState): void {
    state.count -= 1;
    for (let next = state.behind.shift(); next !== undefined; next = state.behind.shift()) {
      if (!next.isSettled) {
        state.lane.push(next);
        return;
      }
      state.count -= 1;
    }
    if (state.count === 0) this.#states.delete(state.id);
  }

  /** Drops the settled ones among those that wait behind others. */
  prune(): void {
    for (const state of this.#states.values()) {
      if (state.behind.length === 0) continue;
      for (const pending of state.behind.drain()) {
        if (pending.isSettled) state.count -= 1;
        else state.behind.push(pending);
      }
    }
  }
}
