import { Chain, Link } from './chain.ts';

/** A request that counts towards the limits, from its arrival to its answer. */
export interface Admission {
  /** Counts received bytes. Returns `false` if there is no room for the bytes. */
  take(bytes: number): boolean;
  /**
   * Counts the request as active. Call `enter` when the whole request has arrived. Returns `false` if the maximum
   * number of active requests is reached.
   */
  enter(): boolean;
  /** Stops counting the request and its bytes. Idempotent. */
  release(): void;
  /** Called if the request is evicted before it has arrived completely. */
  onEvicted?: (() => void) | undefined;
}

/** Limits on concurrent work. */
export interface AdmissionLimits {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
}

/**
 * Limits concurrent requests and the bytes of their bodies, so that memory use stays flat under any load. A request
 * that is still arriving does not count as active. When the bytes exceed the limit, the oldest arriving request is
 * evicted first, so that incomplete bodies never block other requests.
 */
export interface AdmissionControl extends AdmissionLimits {
  /** Admits a request. Returns `undefined` if new requests are refused. */
  admit(): Admission | undefined;
  readonly inFlight: number;
  readonly inFlightBytes: number;
  /** Bytes of requests that are still arriving. */
  readonly arrivingBytes: number;
  /**
   * Whether new requests are refused, because the maximum number of requests are active or nine tenths of the bytes are
   * in use.
   */
  readonly isFull: boolean;
}

/** Creates the control for a set of limits. */
export function createAdmissionControl(limits: AdmissionLimits): AdmissionControl {
  return new Work(limits);
}

class Work implements AdmissionControl {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  /** Requests that are still arriving, ordered by when their first byte arrived. */
  readonly arriving: Chain<Request> = new Chain();
  inFlight = 0;
  inFlightBytes = 0;
  arrivingBytes = 0;

  constructor({ maxInFlight, maxInFlightBytes }: AdmissionLimits) {
    this.maxInFlight = maxInFlight;
    this.maxInFlightBytes = maxInFlightBytes;
  }

  get isFull(): boolean {
    // The last tenth is reserved for bodies that are still arriving.
    return this.inFlight >= this.maxInFlight || this.inFlightBytes > 0.9 * this.maxInFlightBytes;
  }

  admit(): Admission | undefined {
    return this.isFull ? undefined : new Request(this);
  }

  /** Evicts the oldest arriving requests until the bytes are within the limit. */
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
