/** A place among the requests at work. */
export interface Admission {
  /** Counts bytes that have come. `false`: there is no room for them. */
  take(bytes: number): boolean;
  /** Gives place and bytes back. Once. */
  release(): void;
}

/** Bounds on what is at work at a time. */
export interface AdmissionLimits {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
}

/** Bounds the work at hand, in requests and in bytes of their bodies, so that memory stays flat under any load. */
export interface AdmissionControl extends AdmissionLimits {
  /** `undefined` when there is no place. */
  admit(): Admission | undefined;
  readonly inFlight: number;
  readonly inFlightBytes: number;
  /** Whether new requests are refused: all places are taken, or nine tenths of the bytes. */
  readonly isFull: boolean;
}

/** Counts requests and bytes. */
export function createAdmissionControl({ maxInFlight, maxInFlightBytes }: AdmissionLimits): AdmissionControl {
  let inFlight = 0;
  let inFlightBytes = 0;

  function admit(): Admission | undefined {
    if (isFull()) return undefined;
    inFlight += 1;
    let taken = 0;
    return {
      take: (bytes) => {
        if (inFlightBytes + bytes > maxInFlightBytes) return false;
        taken += bytes;
        inFlightBytes += bytes;
        return true;
      },
      release: () => {
        inFlight -= 1;
        inFlightBytes -= taken;
      },
    };
  }

  function isFull(): boolean {
    // The last tenth is for those whose bodies are on their way.
    return inFlight >= maxInFlight || inFlightBytes > 0.9 * maxInFlightBytes;
  }

  return {
    admit,
    maxInFlight,
    maxInFlightBytes,
    get inFlight() {
      return inFlight;
    },
    get inFlightBytes() {
      return inFlightBytes;
    },
    get isFull() {
      return isFull();
    },
  };
}
