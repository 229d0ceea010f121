import type { QueueError } from '../contract/errors.ts';
import type { Deque } from '../delivery/deque.ts';
import type { OutgoingMessage } from './publish-target.ts';
import type { ResolvedPublish } from './resolve-publish.ts';

/** Where a message waits until it is sent. */
export interface PublishQueue {
  /** Why nothing can be sent at the moment. */
  readonly problem: QueueError | undefined;
  push(pending: PendingPublish): void;
}

/** The messages of one ordering key that the publisher holds. */
export interface OrderingKeyState {
  readonly id: string;
  /** The lane that all of them take. */
  lane: PublishQueue;
  count: number;
  /** Those that wait for the one in the lane, where only one may be there. */
  readonly behind: Deque<PendingPublish>;
}

/** A message that the publisher holds, and the caller that waits for it. */
export class PendingPublish implements OutgoingMessage {
  readonly message: ResolvedPublish;
  readonly sequence: number;
  readonly size: number;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly done: Promise<void>;
  attempts = 0;
  /** It is in a batch that is under way. */
  isUnderWay = false;
  /** The broker may have it although no answer says so. */
  isUncertain = false;
  /** Whether the caller has the broker's confirmation. */
  isStored = false;
  /** What the broker answered last in place of storing it. */
  refusal: QueueError | undefined;
  lane: PublishQueue | undefined;
  /** Where it has an ordering key. */
  order: OrderingKeyState | undefined;
  #resolve: (() => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #onSettled: ((pending: PendingPublish) => void) | undefined;

  /** @param onSettled - called once, however it ends */
  constructor(message: ResolvedPublish, sequence: number, size: number, onSettled: (pending: PendingPublish) => void) {
    this.message = message;
    this.sequence = sequence;
    this.size = size;
    this.deadline = performance.now() + message.timeoutMs;
    this.#onSettled = onSettled;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    message.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether the caller has its outcome. */
  get isSettled(): boolean {
    return this.#onSettled === undefined;
  }

  resolve(): void {
    this.isStored = !this.isSettled;
    if (this.#settle()) this.#resolve?.();
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject?.(error);
  }

  readonly #onAbort = (): void => this.reject(this.message.signal?.reason);

  #settle(): boolean {
    const onSettled = this.#onSettled;
    if (onSettled === undefined) return false;
    this.#onSettled = undefined;
    this.message.signal?.removeEventListener('abort', this.#onAbort);
    onSettled(this);
    return true;
  }
}
