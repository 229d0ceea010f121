import type { Member } from './group-feed.ts';
import type { ResolvedOptions } from './options.ts';
import type { RedisDelivery } from './redis-delivery.ts';
import { isNoGroup } from './redis-error.ts';

/** Number of times that a lease is extended within its duration. */
const TIMES_A_LEASE = 3;
/** Milliseconds between two runs of trimming and of removing silent members. */
const TIDY_MS = 60_000;
/** A member without messages that has been silent for this many lease durations counts as gone. */
const SILENT_LEASES = 10;
const MIN_SILENT_MS = 10 * 60_000;

/**
 * Extends the leases of a member's messages and detects lost messages. Periodically trims the stream and removes silent
 * members.
 */
export class LeaseKeeper {
  readonly #members: readonly Member[];
  readonly #options: ResolvedOptions;
  readonly #onLost: (member: Member, delivery: RedisDelivery) => void;
  readonly #onUnknown: (member: Member) => void;
  #timer: NodeJS.Timeout | undefined;
  #tidiedAt = performance.now();
  #closed = false;

  /**
   * @param onLost - called with each message that Redis has assigned to another consumer
   * @param onUnknown - called when messages that Redis has assigned to this consumer have not arrived
   */
  constructor(
    members: readonly Member[],
    options: ResolvedOptions,
    onLost: (member: Member, delivery: RedisDelivery) => void,
    onUnknown: (member: Member) => void,
  ) {
    this.#members = members;
    this.#options = options;
    this.#onLost = onLost;
    this.#onUnknown = onUnknown;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#round(), this.#options.leaseMs / TIMES_A_LEASE);
  }

  async #round(): Promise<void> {
    try {
      await Promise.all(this.#members.map((member) => this.#keep(member)));
      if (performance.now() - this.#tidiedAt >= TIDY_MS) await this.#tidy();
    } catch (err) {
      this.#options.logger.debug({ err }, 'queue_lease_extension_failed');
    }
    this.#schedule();
  }

  async #keep(member: Member): Promise<void> {
    const { stream, holdings } = member;
    const known = [...holdings.values()];
    const askedAt = performance.now();
    const held = await stream.keep().catch((error: unknown) => {
      if (isNoGroup(error)) return new Set<string>();
      throw error;
    });
    // A reply that was delayed in the network may have gone to a connection that no longer exists.
    if ([...held].some((id) => holdings.get(id) === undefined)) this.#onUnknown(member);
    for (const holding of known) {
      if (held.has(holding.id)) {
        holding.leasedAt = askedAt;
        continue;
      }
      // The message may have been settled, and even delivered again, in the meantime.
      if (holdings.get(holding.id) !== holding) continue;
      holdings.forget(holding.id);
      if (holding.delivery !== undefined) this.#onLost(member, holding.delivery);
    }
  }

  async #tidy(): Promise<void> {
    this.#tidiedAt = performance.now();
    const { leaseMs, maxLength, retentionMs } = this.#options;
    for (const { stream } of this.#members) {
      if (!stream.isRedrive) await stream.trim(maxLength, retentionMs);
      await stream.removeSilent(Math.max(MIN_SILENT_MS, leaseMs * SILENT_LEASES));
    }
  }
}
