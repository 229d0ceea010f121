import type { BackendCapabilities, QueueBackend, QueueBackendClass, QueueKey } from '@slack-mcp/core';

/** Settings that a property may ask of a backend. What is not given is the backend's default. */
export interface BackendOverrides {
  /** As `QUEUE_GROUPS`: owed messages from the first publish on. */
  groups?: readonly string[];
  /** As `QUEUE_KEYS`: what is consumed unless told otherwise. */
  keys?: readonly QueueKey[];
  /** Messages that the groups of a key may be owed before `publish` refuses. */
  maxBacklog?: number;
  /** Messages of history that are kept of a key. */
  maxLength?: number;
  /** Milliseconds after which a silent consumer loses what it holds. */
  leaseMs?: number;
  /** Deliveries without an outcome after which a message is parked. */
  maxDeliveries?: number;
  /** Milliseconds that a caller waits for a settlement. */
  timeoutMs?: number;
  /** `wrong`: the broker must refuse them. */
  credentials?: 'wrong';
}

/** A name of {@link BackendOverrides}. */
export type OverrideName = keyof BackendOverrides;

/** Between the backends of a harness and their broker. All connections of `create` and `envFor` lead through it. */
export interface FaultProxy {
  /** Resets the open connections and refuses new ones until `heal`. */
  cut(): Promise<void>;
  /** No byte passes the open connections any more, in either direction, and none is closed. New ones work. */
  blackhole(): Promise<void>;
  /** The broker's answers are lost, what is sent to it arrives, until `heal`; it closes what was open then. */
  dropReplies(): Promise<void>;
  /**
   * Holds back what comes on the open connections in one direction, and its end. New connections work. After `heal` it
   * arrives, in order, also what was sent on connections that were given up meanwhile.
   */
  stall(direction: 'to-broker' | 'to-client'): Promise<void>;
  /** Everything passes again; connections that are in a blackhole stay there. */
  heal(): Promise<void>;
}

/** What can be done to the broker. Each may be missing: the properties that need it are then reported as not run. */
export interface ConformanceFaults {
  /** Stops the broker in order and starts it again with its data. Resolves once it is up. */
  restartBroker?(): Promise<void>;
  /** Kills the broker (SIGKILL) and starts it again with its data. Resolves once it is up. */
  killBroker?(): Promise<void>;
  /** Closes all client connections from the broker's side. */
  closeConnections?(): Promise<void>;
  /** Deletes everything of the namespace at the broker, under the feet of its clients. */
  wipe?(namespace: string): Promise<void>;
  /** Has the broker refuse everything that it would have to store, settlements too, and answer; until `accept`. */
  writes?: { refuse(): Promise<void>; accept(): Promise<void> };
  /**
   * From now on nothing is stored under this key: what is published to it gets no answer, or one that asks to try again.
   * Other keys go on. Resolves with what ends it. For a broker whose keys lie apart: on partitions, nodes or channels.
   */
  stallKey?(namespace: string, key: QueueKey): Promise<() => Promise<void>>;
  proxy?: FaultProxy;
}

/** A name of {@link ConformanceFaults}. */
export type FaultName = keyof ConformanceFaults;

/** Looks at the broker past the backend. Each may be missing: properties then rely on behaviour alone, or are not run. */
export interface ConformanceInspect {
  /** Messages of the group that were delivered and are not settled. */
  pending?(namespace: string, group: string): Promise<number>;
  /** Messages of the group that lie at the broker, delivered or not, and are not settled. */
  depth?(namespace: string, group: string): Promise<number>;
  /** Names of what exists at the broker for consumers: groups, queues, consumer names. */
  objects?(namespace: string): Promise<readonly string[]>;
  /** The payloads that are stored under a key, oldest first, as the bytes that lie at the broker. */
  stored?(namespace: string, key: QueueKey): Promise<readonly Uint8Array[]>;
  /** Connections of the namespace's backends that the broker holds open. */
  connections?(namespace: string): Promise<number>;
}

/** A consumer as a process of its own, so that it can be killed. */
export interface ConsumerProcess {
  /** URL or path of the module whose default export is the backend's plugin manifest. */
  readonly module: string;
  /** Options of `node`, for example `--conditions=…`. */
  readonly execArgv?: readonly string[];
}

/** A configuration that `fromEnv` must refuse. */
export interface InvalidEnv {
  /** The variables to set; the others are those of `envFor`. `undefined` takes one away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The variable that the error must name. */
  readonly variable: string;
  /** Must not be in the error. */
  readonly secret?: string;
}

/** What a backend supplies to be judged. */
export interface ConformanceHarness {
  /** The backend's name. */
  readonly name: string;
  readonly Backend: QueueBackendClass;
  /** What the backend declares; held against what its instances say and do. */
  readonly capabilities: BackendCapabilities;
  /** A backend whose keys and groups are apart from those of every other namespace. Called several times for one. */
  create(options: { namespace: string } & BackendOverrides): QueueBackend;
  /** The environment from which `fromEnv` makes what `create` makes. */
  envFor(namespace: string, overrides?: Pick<BackendOverrides, 'maxDeliveries'>): Record<string, string>;
  /** Deletes everything of the namespace. */
  destroy(namespace: string): Promise<void>;
  /** The overrides that `create` heeds, besides `groups` and `keys`. */
  readonly overrides?: readonly OverrideName[];
  /** Most messages that a backend sends to one key without a confirmation. Default 1000. */
  readonly maxUnconfirmed?: number;
  readonly invalidEnv?: readonly InvalidEnv[];
  /** Most members of one group that are served at a time. Default: no limit. */
  readonly maxMembers?: number;
  readonly faults?: ConformanceFaults;
  readonly inspect?: ConformanceInspect;
  readonly spawnConsumer?: ConsumerProcess;
  /** Puts bytes under a key that no backend would have published. */
  injectRaw?(namespace: string, key: QueueKey, bytes: Uint8Array): Promise<void>;
  /** Ends what the harness itself started. */
  dispose?(): Promise<void>;
  /** Ids of properties that cannot be asked of this backend, each with the reason. Shown in the report. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}
