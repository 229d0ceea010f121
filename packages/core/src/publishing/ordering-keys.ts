import { Deque } from '../delivery/deque.ts';
import type { OrderingKeyState, PendingPublish, PublishQueue } from './pending-publish.ts';

/**
 * Keeps the messages of an ordering key on one lane. With `oneAtATime`, the lane holds only one message of each
 * ordering key at a time.
 */
export class OrderingKeys {
  readonly #states = new Map<string, OrderingKeyState>();
  readonly #oneAtATime: boolean;

  constructor(oneAtATime: boolean) {
    this.#oneAtATime = oneAtATime;
  }

  /**
   * Adds a message with an ordering key to its lane, or makes the message wait for an earlier message with the same
   * ordering key.
   *
   * @param choose - chooses the lane if the publisher has no other message with the ordering key
   */
  enter(pending: PendingPublish, choose: (pending: PendingPublish) => PublishQueue): void {
    const { key, orderingKey } = pending.message;
    // A key cannot contain a line break.
    const id = `${key}\n${orderingKey}`;
    let state = this.#states.get(id);
    if (state === undefined) {
      state = { id, lane: choose(pending), count: 0, behind: new Deque() };
      this.#states.set(id, state);
    }
    state.count += 1;
    pending.order = state;
    if (this.#oneAtATime && state.count > 1) state.behind.push(pending);
    else state.lane.push(pending);
  }

  /** Removes a message, so that the next message with its ordering key can be sent. */
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

  /** Drops settled messages that wait for an earlier message. */
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
