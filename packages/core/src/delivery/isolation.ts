import type { MessageMetadata } from '../contract/message.ts';

/** Number of deliveries without an outcome from which a message is handed out alone. */
const SUSPECT_FROM = 2;

/** Number of deliveries of a message that ended without a settlement: its consumer died or lost it. */
export function lossesOf({ deliveryCount, retryCount }: Pick<MessageMetadata, 'deliveryCount' | 'retryCount'>): number {
  return deliveryCount - 1 - retryCount;
}

/** Whether a message may have killed its consumers. Such a message is delivered alone. */
export function isSuspect(
  counts: Pick<MessageMetadata, 'deliveryCount' | 'retryCount'>,
  maxDeliveries: number,
): boolean {
  return lossesOf(counts) >= (maxDeliveries > SUSPECT_FROM ? SUSPECT_FROM : 1);
}

/**
 * Isolates messages that may have killed their consumers. Such a message is handed out alone: no other message is in
 * flight at the same time. If the consumer dies again, this message is the cause, and no other message is parked in its
 * place. After `patienceMs`, the messages in flight are considered slow, and delivery continues until the next idle
 * moment.
 */
export class Isolation {
  readonly #maxDeliveries: number;
  readonly #patienceMs: number;
  readonly #onOver: () => void;
  #alone = false;
  #impatient = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param maxDeliveries - maximum number of deliveries without an outcome, at least 2; the message is then parked
   * @param patienceMs - maximum time in milliseconds that delivery stops
   * @param onOver - called when this time is over
   */
  constructor(maxDeliveries: number, patienceMs: number, onOver: () => void) {
    this.#maxDeliveries = maxDeliveries;
    this.#patienceMs = patienceMs;
    this.#onOver = onOver;
  }

  /** Whether no message is isolated. */
  get isIdle(): boolean {
    return !this.#alone && !this.#impatient && this.#timer === undefined;
  }

  /** Whether the message may have killed its consumers. */
  suspects(metadata: MessageMetadata): boolean {
    return isSuspect(metadata, this.#maxDeliveries);
  }

  /** Whether the message must be parked instead of delivered. */
  condemns(metadata: MessageMetadata): boolean {
    return lossesOf(metadata) >= Math.max(SUSPECT_FROM, this.#maxDeliveries);
  }

  /**
   * Whether a message may be handed out now.
   *
   * @param inFlight - number of messages in flight
   * @param settling - number of pending settlements, which a suspect also waits for
   */
  admits(suspect: boolean, inFlight: number, settling: number): boolean {
    if (inFlight === 0) {
      this.#alone = false;
      if (!suspect || settling === 0) {
        this.clear();
        return true;
      }
    }
    if (this.#impatient || (!suspect && !this.#alone)) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#impatient = true;
      this.#onOver();
    }, this.#patienceMs);
    return false;
  }

  /** Records that a suspect was handed out. */
  enter(): void {
    this.#alone = true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#impatient = false;
  }
}
