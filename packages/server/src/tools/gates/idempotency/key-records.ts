import { IdempotencyError } from './idempotency-error.ts';
import type { IdempotencyRecord } from './idempotency-store.ts';

/** How many keys are remembered, and for how long. */
export interface KeyLimits {
  /** Most keys at once, of all callers. Default 100000. */
  maxKeys?: number;
  /** Most keys at once of one caller, where callers say who they are. Default 10000. */
  maxKeysPerCaller?: number;
  /** Milliseconds for which a key is remembered. Default 24 hours. */
  ttlMs?: number;
}

/** A key that was claimed. */
export interface KeyRecord extends IdempotencyRecord {
  /** When, on the clock of the records. */
  readonly at: number;
  /** Whose it is; absent where callers do not say who they are. */
  readonly caller?: string | undefined;
}

/**
 * Keys that were claimed, each remembered for its whole time: where there is no room for another one, the claim is
 * refused, and no key of any caller is forgotten for it.
 */
export class KeyRecords {
  readonly #limits: Required<KeyLimits>;
  readonly #now: () => number;
  readonly #records = new Map<string, KeyRecord>();
  readonly #counts = new Map<string, number>();

  /** @param now - milliseconds of a clock that goes on across restarts, where the records do */
  constructor(limits: KeyLimits, now: () => number) {
    const { maxKeys = 100_000, maxKeysPerCaller = 10_000, ttlMs = 24 * 60 * 60_000 } = limits;
    this.#limits = { maxKeys, maxKeysPerCaller, ttlMs };
    this.#now = now;
  }

  get size(): number {
    return this.#records.size;
  }

  entries(): Iterable<[string, KeyRecord]> {
    return this.#records.entries();
  }

  get(key: string): KeyRecord | undefined {
    const record = this.#records.get(key);
    return record !== undefined && this.#isOver(record) ? undefined : record;
  }

  /** @throws IdempotencyError - there are as many keys as may be, of this caller or in all */
  claim(key: string, fingerprint: string, caller: string | undefined): KeyRecord {
    this.#forget();
    this.delete(key);
    const own = caller === undefined ? 0 : (this.#counts.get(caller) ?? 0);
    if (own >= this.#limits.maxKeysPerCaller || this.#records.size >= this.#limits.maxKeys) {
      throw new IdempotencyError('idempotency_full');
    }
    const record = { fingerprint, at: this.#now(), ...(caller === undefined ? {} : { caller }) };
    this.set(key, record);
    return record;
  }

  /** Puts a record in the place of the key's own, if it has one. */
  set(key: string, record: KeyRecord): void {
    const { caller } = record;
    if (!this.#records.has(key) && caller !== undefined) {
      this.#counts.set(caller, (this.#counts.get(caller) ?? 0) + 1);
    }
    this.#records.set(key, record);
  }

  delete(key: string): void {
    const caller = this.#records.get(key)?.caller;
    this.#records.delete(key);
    if (caller === undefined) return;
    const left = (this.#counts.get(caller) ?? 1) - 1;
    if (left > 0) this.#counts.set(caller, left);
    else this.#counts.delete(caller);
  }

  /** Records lie in the order of their claims. */
  #forget(): void {
    for (const [key, record] of this.#records) {
      if (!this.#isOver(record)) return;
      this.delete(key);
    }
  }

  #isOver({ at }: KeyRecord): boolean {
    return this.#now() - at >= this.#limits.ttlMs;
  }
}
