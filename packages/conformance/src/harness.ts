import type { BackendCapabilities, QueueBackend, QueueBackendClass, QueueKey } from '@slack-mcp/core';

/**
 * Settings that a property may request for a backend. Settings that a property does not request keep the default of the
 * backend.
 */
export interface BackendOverrides {
  /** Groups that receive every message from the first publish on, as in `QUEUE_GROUPS`. */
  groups?: readonly string[];
  /** The keys to consume by default, as in `QUEUE_KEYS`. */
  keys?: readonly QueueKey[];
  /** Number of unsettled messages of a key at which `publish` rejects. */
  maxBacklog?: number;
  /** Number of messages of history to keep per key. */
  maxLength?: number;
  /** Milliseconds after which an unresponsive consumer loses its messages. */
  leaseMs?: number;
  /** Number of deliveries without a settlement after which a message is parked. */
  maxDeliveries?: number;
  /** Maximum time in milliseconds that a caller waits for a settlement. */
  timeoutMs?: number;
  /** If `wrong`, the backend uses credentials that the broker must reject. */
  credentials?: 'wrong';
}

/** The name of an override in {@link BackendOverrides}. */
export type OverrideName = keyof BackendOverrides;

/**
 * A proxy between the backends of a harness and their broker. The backends that `create` returns, and the backends that
 * use the environment from `envFor`, connect through the proxy.
 */
export interface FaultProxy {
  /** Resets the open connections and refuses new connections until you call `heal`. */
  cut(): Promise<void>;
  /** Stops all traffic on the open connections in both directions without closing them. New connections work. */
  blackhole(): Promise<void>;
  /**
   * Drops the broker's answers until you call `heal`, which closes the affected connections. Requests still reach the
   * broker.
   */
  dropReplies(): Promise<void>;
  /**
   * Delays all data in one direction on the open connections, including the end of the stream. New connections work.
   * After `heal`, the data arrives in order, even on connections that were abandoned in the meantime.
   */
  stall(direction: 'to-broker' | 'to-client'): Promise<void>;
  /** Restores all traffic, except on connections that `blackhole` has stopped. */
  heal(): Promise<void>;
}

/** Faults of the broker. All faults are optional: properties that need a missing fault are reported as not run. */
export interface ConformanceFaults {
  /** Shuts the broker down cleanly and starts it again with its data. Resolves once the broker is up. */
  restartBroker?(): Promise<void>;
  /** Kills the broker (SIGKILL) and starts it again with its data. Resolves once the broker is up. */
  killBroker?(): Promise<void>;
  /** Closes all client connections at the broker. */
  closeConnections?(): Promise<void>;
  /** Deletes all data of the namespace at the broker while clients use it. */
  wipe?(namespace: string): Promise<void>;
  /**
   * `refuse` makes the broker reject all writes, including settlements, until you call `accept`. The broker still
   * answers.
   */
  writes?: { refuse(): Promise<void>; accept(): Promise<void> };
  /**
   * Makes the broker stop storing messages under `key`, so that a publish gets no answer or a retryable error. Other
   * keys keep working. Resolves with a function that ends the fault. Implement this fault for brokers that separate
   * keys, for example by partition, node or channel.
   */
  stallKey?(namespace: string, key: QueueKey): Promise<() => Promise<void>>;
  proxy?: FaultProxy;
}

/** The name of a fault in {@link ConformanceFaults}. */
export type FaultName = keyof ConformanceFaults;

/**
 * Reads the state of the broker directly. All members are optional: a property that needs a missing member checks only
 * behavior or is not run.
 */
export interface ConformanceInspect {
  /** Number of messages of the group that were delivered but not settled. */
  pending?(namespace: string, group: string): Promise<number>;
  /** Number of unsettled messages of the group at the broker, including messages that have not been delivered yet. */
  depth?(namespace: string, group: string): Promise<number>;
  /** Names of the objects at the broker that belong to consumers, for example groups and queues. */
  objects?(namespace: string): Promise<readonly string[]>;
  /** The stored bytes of the payloads of a key, oldest first. */
  stored?(namespace: string, key: QueueKey): Promise<readonly Uint8Array[]>;
  /** Number of connections to the broker that the backends of the namespace have open. */
  connections?(namespace: string): Promise<number>;
}

/** A consumer in a separate process that can be killed. */
export interface ConsumerProcess {
  /** URL or path of the module whose default export is the plugin manifest of the backend. */
  readonly module: string;
  /** Options of `node`, for example `--conditions=…`. */
  readonly execArgv?: readonly string[];
}

/** A configuration that `fromEnv` must reject. */
export interface InvalidEnv {
  /** The variables to set in addition to the variables from `envFor`. `undefined` removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The variable that the error must name. */
  readonly variable: string;
  /** A value that the error must not contain. */
  readonly secret?: string;
}

/** The harness of a backend, which gives the suite access to the backend and its broker. */
export interface ConformanceHarness {
  /** The name of the backend. */
  readonly name: string;
  readonly Backend: QueueBackendClass;
  /**
   * The declared capabilities. The suite compares the declared capabilities with the capabilities and the behavior of
   * the instances.
   */
  readonly capabilities: BackendCapabilities;
  /**
   * Creates a backend in a namespace, isolated from all other namespaces. The suite may call `create` several times per
   * namespace. If `leaseMs` is not set, use a lease well below the `deadlineMs` of the run, for example 2000 ms,
   * because properties that kill a consumer wait until its lease ends.
   */
  create(options: { namespace: string } & BackendOverrides): QueueBackend;
  /** Returns the environment with which `fromEnv` creates the same backend as `create`, with the same short lease. */
  envFor(namespace: string, overrides?: Pick<BackendOverrides, 'maxDeliveries'>): Record<string, string>;
  /** Deletes all data of the namespace. */
  destroy(namespace: string): Promise<void>;
  /** The overrides that `create` supports besides `groups` and `keys`. */
  readonly overrides?: readonly OverrideName[];
  /** Maximum number of unconfirmed messages that a backend sends to one key. Default 1000. */
  readonly maxUnconfirmed?: number;
  readonly invalidEnv?: readonly InvalidEnv[];
  /** Maximum number of members of a group that receive messages at the same time. Default: no limit. */
  readonly maxMembers?: number;
  readonly faults?: ConformanceFaults;
  readonly inspect?: ConformanceInspect;
  readonly spawnConsumer?: ConsumerProcess;
  /** Stores bytes under `key` unchanged. The suite passes bytes that no backend would publish. */
  injectRaw?(namespace: string, key: QueueKey, bytes: Uint8Array): Promise<void>;
  /** Stops all processes and connections that the harness started. */
  dispose?(): Promise<void>;
  /** Ids of properties that do not apply to this backend, each with the reason. The report shows the reasons. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}
