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
export function createAdmissionControl({ maxInFlight, maxInFlightBytes }: AdmissionLimits): AdmissionControl {
  let inFlight = 0;
  let inFlightBytes = 0;
  let arrivingBytes = 0;
  /** Those that hold bytes, by the time of their first. */
  const arriving = new Set<() => void>();

  function admit(): Admission | undefined {
    if (isFull()) return undefined;
    let state: 'arriving' | 'entered' | 'released' = 'arriving';
    let taken = 0;

    function take(bytes: number): boolean {
      if (state !== 'arriving' || inFlightBytes + taken + bytes > maxInFlightBytes) return false;
      arriving.add(evict);
      taken += bytes;
      arrivingBytes += bytes;
      for (const evictOldest of arriving) {
        if (inFlightBytes + arrivingBytes <= maxInFlightBytes) break;
        evictOldest();
      }
      return state === 'arriving';
    }

    function enter(): boolean {
      if (state !== 'arriving' || inFlight >= maxInFlight) return false;
      leave();
      state = 'entered';
      inFlight += 1;
      inFlightBytes += taken;
      return true;
    }

    function release(): void {
      if (state === 'arriving') leave();
      if (state === 'entered') {
        inFlight -= 1;
        inFlightBytes -= taken;
      }
      state = 'released';
    }

    function leave(): void {
      arriving.delete(evict);
      arrivingBytes -= taken;
    }

    function evict(): void {
      release();
      admission.onEvicted?.();
    }

    const admission: Admission = { take, enter, release };
    return admission;
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
    get arrivingBytes() {
      return arrivingBytes;
    },
    get isFull() {
      return isFull();
    },
  };
}
