/** The supported brokers. */
export type BrokerName = 'redis' | 'rabbitmq' | 'kafka';

export const brokerNames: readonly BrokerName[] = ['redis', 'rabbitmq', 'kafka'];

/** Where a broker came from, in the order in which the sources are tried. */
export type BrokerSource = 'environment' | 'unpacked' | 'installed' | 'container' | 'apt-get' | 'maven';

/** A running broker. */
export interface Broker {
  readonly name: BrokerName;
  readonly source: BrokerSource;
  /** For example `4.3.6`. `undefined` if only the broker itself knows it. */
  readonly version: string | undefined;
  /** The address for clients: `redis://…`, `amqp://…`, or Kafka's bootstrap servers. */
  readonly url: string;
  /** The environment variables for a backend, for example `{ REDIS_URL: 'redis://127.0.0.1:20123' }`. */
  readonly env: Readonly<Record<string, string>>;
  /** RabbitMQ's HTTP API, for {@link RabbitMQManagement}. `undefined` for other brokers and for external ones. */
  readonly managementUrl?: string | undefined;
  /** Stops a broker that was started for the caller. External brokers are left alone. */
  dispose(): Promise<void>;
}

/** A broker process, either alone or part of a deployment. */
export interface BrokerNode {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** `undefined` while it is stopped. */
  readonly pid: number | undefined;
  /** Stops the process gracefully. Its data remain. */
  stop(): Promise<void>;
  /** Kills the process with SIGKILL. Its data remain. */
  kill(): Promise<void>;
  /** Restarts it on the same port with the same data. */
  restart(): Promise<void>;
  /** Pauses it with SIGSTOP: it keeps its connections and does not respond. */
  pause(): Promise<void>;
  /** Continues after `pause`. */
  resume(): Promise<void>;
}

/** A private broker, which tests may kill, disconnect and wipe. */
export interface StartedBroker extends Broker, BrokerNode, AsyncDisposable {
  /** The folder for everything the broker writes. `dispose` removes it. */
  readonly folder: string;
  /** Milliseconds from the start of the process to the first answered request. */
  readonly startupMs: number;
  /** Makes the broker close all client connections. */
  closeConnections(): Promise<void>;
  /** Deletes everything that clients have created. */
  wipe(): Promise<void>;
}

/** Options for starting any broker. */
export interface StartOptions {
  /**
   * The version or its beginning: `4.0` matches 4.0.5. Default: `REDIS_VERSION`, `RABBITMQ_VERSION` or `KAFKA_VERSION`
   * in the environment, or else the newest available version (for Redis: the installed one).
   */
  version?: string | undefined;
  /** Port for clients. Default: any free one. */
  port?: number;
  /**
   * Folder of a broker that outlives this process, until `releaseFolder` is called on it. Default: a temporary
   * folder, which is removed together with the broker when this process ends for any reason.
   */
  keepIn?: string;
}
