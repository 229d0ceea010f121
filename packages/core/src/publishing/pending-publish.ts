import type { QueueError } from '../contract/errors.ts';
import type { Deque } from '../delivery/deque.ts';
import type { OutgoingMessage } from './publish-target.ts';
import type { ResolvedPublish } from './resolve-publish.ts';

/** The queue in which messages wait until they are sent. */
export interface PublishQueue {
  /** The reason why nothing can be sent at the moment. */
  readonly problem: QueueError | undefined;
  push(pending: PendingPublish): void;
}

/** The pending messages of one ordering key. */
export interface OrderingKeyState {
  readonly id: string;
  /** The lane of all messages with this ordering key. */
  lane: PublishQueue;
  count: number;
  /**
   * Messages that wait until the previous message with the ordering key is settled, if a lane may hold only one message
   * of each ordering key.
   */
  readonly behind: Deque<PendingPublish>;
}

/** A pending message and the caller that waits for it. */
export class PendingPublish implements OutgoingMessage {
  readonly message: ResolvedPublish;
  readonly sequence: number;
  readonly size: number;
  /** The deadline in milliseconds, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly done: Promise<void>;
  attempts = 0;
  /** Whether the message is in a batch that is being sent. */
  isUnderWay = false;
  /** Whether the broker may have stored the message without confirming it. */
  isUncertain = false;
  /** Whether the caller has received the broker's confirmation. */
  isStored = false;
  /** The error of the broker's last refusal. */
  refusal: QueueError | undefined;
  lane: PublishQueue | undefined;
  /** The state of the message's ordering key, if the message has one. */
  order: OrderingKeyState | undefined;
  #resolve: (() => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #onSettled: ((pending: PendingPublish) => void) | undefined;
  #onAbort: (() => void) | undefined;

  /** @param onSettled - called once, on success or failure */
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
    const { signal } = message;
    if (signal === undefined) return;
    this.#onAbort = () => this.reject(signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether the caller has received the outcome. */
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

  #settle(): boolean {
    const onSettled = this.#onSettled;
    if (onSettled === undefined) return false;
    this.#onSettled = undefined;
    if (this.#onAbort !== undefined) this.message.signal?.removeEventListener('abort', this.#onAbort);
    onSettled(this);
    return true;
  }
}
