import type { Member } from './group-feed.ts';
import type { ResolvedOptions } from './options.ts';
import type { RedisDelivery } from './redis-delivery.ts';
import { isNoGroup } from './redis-error.ts';

/** A lease is extended so often before it is over. */
const TIMES_A_LEASE = 3;
/** Milliseconds between two rounds of tidying. */
const TIDY_MS = 60_000;
/** A member that holds nothing and was silent for so many leases is gone. */
const SILENT_LEASES = 10;
const MIN_SILENT_MS = 10 * 60_000;

/** Extends the leases of what a member holds, finds out what it lost, and now and then tidies up behind others. */
export class LeaseKeeper {
  readonly #members: readonly Member[];
  readonly #options: ResolvedOptions;
  readonly #onLost: (member: Member, delivery: RedisDelivery) => void;
  readonly #onUnknown: (member: Member) => void;
  #timer: NodeJS.Timeout | undefined;
  #tidiedAt = performance.now();
  #closed = false;

  /**
   * @param onLost - called with each message that another consumer holds now
   * @param onUnknown - called when Redis says that this consumer holds more than it knows of
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
    // A read that was held up in the network gives messages to a connection that is gone.
    if ([...held].some((id) => holdings.get(id) === undefined)) this.#onUnknown(member);
    for (const holding of known) {
      if (held.has(holding.id)) {
        holding.leasedAt = askedAt;
        continue;
      }
      // Meanwhile it may have been settled, and even delivered anew.
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
