import type { MessageMetadata } from '../contract/message.ts';

/** From so many deliveries without an outcome on a message is handed out alone. */
const SUSPECT_FROM = 2;

/** Deliveries of a message that began and ended without a settlement: its consumer died or lost it. */
export function lossesOf({ deliveryCount, retryCount }: MessageMetadata): number {
  return deliveryCount - 1 - retryCount;
}

/**
 * Keeps a message that its consumers may have died of apart: it is handed out once nothing else is in flight, and
 * nothing else is while it is. So whatever dies next dies of it alone, and no neighbour is ever parked in its place.
 * Not for ever: after `patienceMs` what is in flight is only slow, and delivery goes on until the next idle moment.
 */
export class Isolation {
  readonly #maxDeliveries: number;
  readonly #patienceMs: number;
  readonly #onOver: () => void;
  #alone = false;
  #impatient = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param maxDeliveries - after so many deliveries without an outcome a message is parked, not before the second one
   * @param onOver - called when patience is over
   */
  constructor(maxDeliveries: number, patienceMs: number, onOver: () => void) {
    this.#maxDeliveries = maxDeliveries;
    this.#patienceMs = patienceMs;
    this.#onOver = onOver;
  }

  /** Whether nothing is kept apart. */
  get isIdle(): boolean {
    return !this.#alone && !this.#impatient && this.#timer === undefined;
  }

  /** Whether its consumers may have died of it. */
  suspects(metadata: MessageMetadata): boolean {
    return lossesOf(metadata) >= (this.#maxDeliveries > SUSPECT_FROM ? SUSPECT_FROM : 1);
  }

  /** Whether it is to be parked instead of delivered. */
  condemns(metadata: MessageMetadata): boolean {
    return lossesOf(metadata) >= Math.max(SUSPECT_FROM, this.#maxDeliveries);
  }

  /**
   * Whether a message may be handed out now.
   *
   * @param inFlight - messages handed out that have no settlement
   * @param settling - settlements under way, which a suspect waits for too
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

  /** A suspect was handed out. */
  enter(): void {
    this.#alone = true;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#impatient = false;
  }
}
