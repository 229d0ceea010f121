import { Chain, Link } from './chain.ts';

/** A request, from its arrival until it is answered. */
export interface Admission {
  /** Counts bytes that have come. `false`: there is no room for them. */
  take(bytes: number): boolean;
  /** Takes a place among the requests at work, once all of it has come. `false`: there is none. */
  enter(): boolean;
  /** Gives place and bytes back. Idempotent. */
  release(): void;
  /** Called when it has to give way before all of it has come. */
  onEvicted?: (() => void) | undefined;
}

/** Bounds on what is held at a time. */
export interface AdmissionLimits {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
}

/**
 * Bounds the work at hand, in requests and in bytes of their bodies, so that memory stays flat under any load. What is
 * still on its way takes no place, and its bytes only as long as nobody else needs the room: whoever began first gives
 * way, so that bodies that are never finished keep nobody out.
 */
export interface AdmissionControl extends AdmissionLimits {
  /** `undefined` when new requests are refused. */
  admit(): Admission | undefined;
  readonly inFlight: number;
  readonly inFlightBytes: number;
  /** Bytes of what is still on its way. */
  readonly arrivingBytes: number;
  /** Whether new requests are refused: all places are taken, or nine tenths of the bytes. */
  readonly isFull: boolean;
}

/** Counts requests and bytes. */
export function createAdmissionControl(limits: AdmissionLimits): AdmissionControl {
  return new Work(limits);
}

class Work implements AdmissionControl {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  /** Those that hold bytes, by the time of their first. */
  readonly arriving: Chain<Request> = new Chain();
  inFlight = 0;
  inFlightBytes = 0;
  arrivingBytes = 0;

  constructor({ maxInFlight, maxInFlightBytes }: AdmissionLimits) {
    this.maxInFlight = maxInFlight;
    this.maxInFlightBytes = maxInFlightBytes;
  }

  get isFull(): boolean {
    // The last tenth is for those whose bodies are on their way.
    return this.inFlight >= this.maxInFlight || this.inFlightBytes > 0.9 * this.maxInFlightBytes;
  }

  admit(): Admission | undefined {
    return this.isFull ? undefined : new Request(this);
  }

  /** Lets the oldest give way until all that is held is within the bounds. */
  evict(): void {
    while (this.inFlightBytes + this.arrivingBytes > this.maxInFlightBytes && this.arriving.first !== undefined) {
      this.arriving.first.evict();
    }
  }
}

class Request extends Link implements Admission {
  onEvicted: (() => void) | undefined;
  readonly #work: Work;
  #state: 'arriving' | 'entered' | 'released' = 'arriving';
  #bytes = 0;

  constructor(work: Work) {
    super();
    this.#work = work;
  }

  take(bytes: number): boolean {
    const work = this.#work;
    if (this.#state !== 'arriving' || work.inFlightBytes + this.#bytes + bytes > work.maxInFlightBytes) return false;
    work.arriving.add(this);
    this.#bytes += bytes;
    work.arrivingBytes += bytes;
    work.evict();
    return this.#state === 'arriving';
  }

  enter(): boolean {
    const work = this.#work;
    if (this.#state !== 'arriving' || work.inFlight >= work.maxInFlight) return false;
    this.#leave();
    this.#state = 'entered';
    work.inFlight += 1;
    work.inFlightBytes += this.#bytes;
    return true;
  }

  release(): void {
    if (this.#state === 'arriving') this.#leave();
    if (this.#state === 'entered') {
      this.#work.inFlight -= 1;
      this.#work.inFlightBytes -= this.#bytes;
    }
    this.#state = 'released';
  }

  evict(): void {
    this.release();
    this.onEvicted?.();
  }

  #leave(): void {
    this.#work.arriving.delete(this);
    this.#work.arrivingBytes -= this.#bytes;
  }
}
