import type { Logger } from '@slack-mcp/core';
import { ProblemLog, pause } from '@slack-mcp/core/backend';
import type { PostgresClient } from './client.ts';
import type { PostgresDelivery } from './source.ts';

/** What a {@link LeaseKeeper} needs from its subscription. */
export interface LeaseKeeperOptions {
  readonly client: PostgresClient;
  readonly leaseMs: number;
  readonly logger: Logger;
  /** Called with a delivery that another consumer owns now. */
  lost(delivery: PostgresDelivery): void;
  /** Called after each renewal of leases. */
  also(): Promise<void>;
}

/** Renews the leases of the messages of a subscription until it is closed. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<PostgresDelivery, { settling: boolean }>();
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  get held(): readonly PostgresDelivery[] {
    return [...this.#held.keys()];
  }

  /** Whether the consumer holds the message, and no settlement is under way that may have changed its row. */
  holds(delivery: PostgresDelivery): boolean {
    return this.#held.get(delivery)?.settling === false;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  add(delivery: PostgresDelivery): void {
    this.#held.set(delivery, { settling: false });
  }

  /** Runs a settlement. Its answer, not a missing row, determines whether the lease was lost. */
  async settle<T>(deliveries: readonly PostgresDelivery[], attempt: () => Promise<T>): Promise<T> {
    const held = deliveries.flatMap((delivery) => this.#held.get(delivery) ?? []);
    for (const lease of held) lease.settling = true;
    try {
      const result = await attempt();
      for (const delivery of deliveries) this.#held.delete(delivery);
      return result;
    } finally {
      for (const lease of held) lease.settling = false;
    }
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { leaseMs, logger } = this.#options;
    const problems = new ProblemLog(logger, 'queue_lease_renewal_failed');
    while (await pause(leaseMs / 4, this.#end.signal)) {
      try {
        await this.#renew();
      } catch (error) {
        problems.report(error as Error);
      }
    }
  }

  async #renew(): Promise<void> {
    const { client, lost, also } = this.#options;
    const asked = this.held;
    const renewed = asked.length === 0 ? new Set<number>() : await client.renew(asked.map(({ entry }) => entry));
    for (const delivery of asked) {
      if (renewed.has(delivery.entry.position) || !this.holds(delivery)) continue;
      this.#held.delete(delivery);
      lost(delivery);
    }
    await also();
  }
}
