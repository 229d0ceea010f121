import type { FaultProxy, StartedBroker } from '@slack-mcp/brokers';
import type { FaultKind } from './schedule.ts';

/** When a broker writes confirmed messages to disk, if it has this setting. */
export type Fsync = 'always' | 'everysec';

/** An event that may make consumers handle messages again. */
export interface Disruption {
  /** `worker-crash`: a handler ended its process. `ambiguous-publish`: calls of `publish` with an unknown outcome. */
  readonly kind: FaultKind | 'worker-crash' | 'ambiguous-publish';
  /**
   * The prefetch of each affected consumer: the maximum number of messages that it can have handled before the broker
   * receives the ack. The end of a worker affects that worker. A fault of the broker or the network affects all
   * workers.
   */
  readonly prefetches: readonly number[];
  /** How often it happened. Always 1, except for `ambiguous-publish`. */
  readonly times: number;
  /** Number of groups that receive each message. */
  readonly groups: number;
  /** Number of messages that all workers handled in the given milliseconds before it. */
  handledWithin(ms: number): number;
}

/** The campaign's own broker, and what the backend guarantees with it. */
export interface CampaignBroker {
  readonly broker: StartedBroker;
  /** The proxy between the processes and the broker. */
  readonly proxy: FaultProxy;
  /** The environment variables with which `fromEnv` creates a backend that uses the proxy. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Milliseconds before a `broker-kill` in which the broker may lose confirmed messages, as documented by the backend
   * for these settings. 0: it loses none.
   */
  readonly lossWindowMs: number;
  /** The maximum number of duplicates that the backend documents for one disruption. */
  duplicateBound(disruption: Disruption): number;
  /** Number of messages that the groups have not acked, delivered or not. The campaign ends at 0. */
  owed(keys: readonly string[], groups: readonly string[]): Promise<number>;
  /** Stops broker and proxy. */
  dispose(): Promise<void>;
}

/** Options for the broker of a campaign. */
export interface CampaignBrokerOptions {
  readonly fsync: Fsync;
  /** Version of the broker to start, or its beginning: `4.0`. Default: the version that most tests use. */
  readonly brokerVersion?: string | undefined;
}

/** How a campaign uses a backend. `test/campaign-adapter.ts` exports it as `createCampaignAdapter`. */
export interface CampaignAdapter {
  /** The backend's name. */
  readonly name: string;
  /** URL of the module whose default export is the backend's plugin manifest. */
  readonly module: string;
  start(options: CampaignBrokerOptions): Promise<CampaignBroker>;
}

/**
 * The limit that follows from the contract alone: a consumer holds at most its prefetch, so a disruption between it and
 * the broker repeats no more than that. A member that joins or shuts down cleanly repeats nothing.
 */
export function contractDuplicateBound({ kind, prefetches }: Disruption): number {
  if (kind === 'member-join' || kind === 'member-leave' || kind === 'publisher-kill') return 0;
  return prefetches.reduce((sum, prefetch) => sum + prefetch, 0);
}
