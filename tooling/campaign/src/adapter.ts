import type { FaultProxy, StartedBroker } from '@slack-mcp/brokers';
import type { FaultKind } from './schedule.ts';

/** When a broker puts what it has confirmed on disk, where it has the choice. */
export type Fsync = 'always' | 'everysec';

/** Something that may make consumers handle again what they have handled. */
export interface Disruption {
  /** `worker-crash`: a handler ended its process. `ambiguous-publish`: calls of `publish` with an unknown outcome. */
  readonly kind: FaultKind | 'worker-crash' | 'ambiguous-publish';
  /**
   * The prefetch of each consumer that it met: the most messages that this consumer can have handled without the
   * broker's having the ack. Those of a worker that ends are its own, those of a fault of the broker or the network are
   * all workers'.
   */
  readonly prefetches: readonly number[];
  /** Times that it happened; 1 but for `ambiguous-publish`. */
  readonly times: number;
  /** How many groups each message goes to. */
  readonly groups: number;
  /** How many messages all workers had handled in so many milliseconds before it. */
  handledWithin(ms: number): number;
}

/** A broker of the campaign's own, and what its backend promises on it. */
export interface CampaignBroker {
  readonly broker: StartedBroker;
  /** Between the processes and the broker. */
  readonly proxy: FaultProxy;
  /** The environment from which `fromEnv` makes a backend that goes through the proxy. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Milliseconds before a `broker-kill` in which the broker may lose what it has confirmed, as the backend documents
   * for these settings. 0: none.
   */
  readonly lossWindowMs: number;
  /** The most duplicates that the backend documents for one disruption. */
  duplicateBound(disruption: Disruption): number;
  /** Messages that the groups have not acked, delivered or not. The campaign ends when there are none. */
  owed(keys: readonly string[], groups: readonly string[]): Promise<number>;
  /** Ends broker and proxy. */
  dispose(): Promise<void>;
}

/** What a campaign asks of its broker. */
export interface CampaignBrokerOptions {
  readonly fsync: Fsync;
  /** Version of the broker to start, or how it begins: `4.0`. Default: the one that tests use every day. */
  readonly brokerVersion?: string | undefined;
}

/** How a backend joins: the default way to export one is `createCampaignAdapter` in `test/campaign-adapter.ts`. */
export interface CampaignAdapter {
  /** The backend's name. */
  readonly name: string;
  /** URL of the module whose default export is the backend's plugin manifest. */
  readonly module: string;
  start(options: CampaignBrokerOptions): Promise<CampaignBroker>;
}

/**
 * The bound that follows from the contract alone: a consumer holds at most its prefetch, so that whatever parts it from
 * the broker repeats no more than that. A member that joins, or one that leaves in order, repeats nothing.
 */
export function contractDuplicateBound({ kind, prefetches }: Disruption): number {
  if (kind === 'member-join' || kind === 'member-leave' || kind === 'publisher-kill') return 0;
  return prefetches.reduce((sum, prefetch) => sum + prefetch, 0);
}
