import type { MessageMetadata } from '../contract/message.ts';

/** Number of deliveries without a settlement after which a message is delivered alone. */
const SUSPECT_FROM = 2;

/** Number of deliveries that ended without a settlement, because the consumer died or lost the message. */
export function lossesOf({ deliveryCount, retryCount }: Pick<MessageMetadata, 'deliveryCount' | 'retryCount'>): number {
  return deliveryCount - 1 - retryCount;
}

/** Whether a message may have killed its consumers and must be delivered alone. */
export function isSuspect(
  counts: Pick<MessageMetadata, 'deliveryCount' | 'retryCount'>,
  maxDeliveries: number,
): boolean {
  return lossesOf(counts) >= (maxDeliveries > SUSPECT_FROM ? SUSPECT_FROM : 1);
}

/**
 * Isolates messages that may have killed their consumers: while a suspected message is in flight, no other message is
 * delivered. If the consumer dies again, the suspected message is the cause, and no other message is parked instead. If
 * messages stay in flight for longer than `patienceMs`, delivery of other messages continues until no message is in
 * flight.
 */
export class Isolation {
  readonly #maxDeliveries: number;
  readonly #patienceMs: number;
  readonly #onOver: () => void;
  #alone = false;
  #impatient = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param maxDeliveries - number of deliveries without a settlement after which the message is parked, at least 2
   * @param patienceMs - maximum time in milliseconds that delivery stops for a suspected message
   * @param onOver - called when `patienceMs` is over
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
   * Whether a message may be delivered now.
   *
   * @param inFlight - number of messages in flight
   * @param settling - number of pending settlements, which a suspected message also waits for
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

  /** Records that a suspected message was delivered. */
  enter(): void {
    this.#alone = true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#impatient = false;
  }
}
