import type { IdempotencyRecord } from '@slack-mcp/core';
import { IdempotencyError } from './idempotency-error.ts';

/** Limits on how many keys are stored, and for how long. */
export interface KeyLimits {
  /** Maximum number of keys of all callers together. Default: 100000. */
  maxKeys?: number;
  /** Maximum number of keys of one caller, if callers authenticate. Default: 10000. */
  maxKeysPerCaller?: number;
  /** Milliseconds for which a key is stored. Default: 24 hours. */
  ttlMs?: number;
}

/** A claimed key. */
export interface KeyRecord extends IdempotencyRecord {
  /** The time of the claim, measured with the clock of the `KeyRecords`. */
  readonly at: number;
  /** The owner of the key; absent without authentication. */
  readonly caller?: string | undefined;
}

/**
 * Claimed keys. Each key is stored for the full `ttlMs`. If the maximum number of keys is reached, new claims are
 * refused, and old keys are kept.
 */
export class KeyRecords {
  readonly #limits: Required<KeyLimits>;
  readonly #now: () => number;
  readonly #records = new Map<string, KeyRecord>();
  readonly #counts = new Map<string, number>();

  /**
   * @param now - a clock in milliseconds; if the records survive restarts, the clock must also continue across restarts
   */
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

  /** @throws IdempotencyError - the maximum number of keys is reached, for this caller or for all callers */
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

  /** Stores a record and replaces the existing record of the key. */
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

  /**
   * Removes expired records. Only the first records need checking, because records are in the order of their claims.
   */
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
