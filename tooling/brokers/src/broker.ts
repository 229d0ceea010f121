/** The brokers this package knows. */
export type BrokerName = 'redis' | 'rabbitmq' | 'kafka';

export const brokerNames: readonly BrokerName[] = ['redis', 'rabbitmq', 'kafka'];

/** Where a broker came from, in the order in which sources are tried. */
export type BrokerSource = 'environment' | 'unpacked' | 'installed' | 'container' | 'apt-get' | 'maven';

/** A broker that answers. */
export interface Broker {
  readonly name: BrokerName;
  readonly source: BrokerSource;
  /** Such as `4.3.6`; `undefined` where only the broker itself knows it. */
  readonly version: string | undefined;
  /** What a client takes: `redis://…`, `amqp://…`, or Kafka's bootstrap servers. */
  readonly url: string;
  /** The environment by which a backend finds it, such as `{ REDIS_URL: 'redis://127.0.0.1:20123' }`. */
  readonly env: Readonly<Record<string, string>>;
  /** RabbitMQ's HTTP API, for {@link RabbitMQManagement}; `undefined` for other brokers and for an external one. */
  readonly managementUrl?: string | undefined;
  /** Ends what was started for the caller; a broker of somebody else stays as it is. */
  dispose(): Promise<void>;
}

/** A broker's process, alone or one of several that belong together. */
export interface BrokerNode {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** `undefined` while it is stopped. */
  readonly pid: number | undefined;
  /** Ends the process gracefully; its data stay. */
  stop(): Promise<void>;
  /** Ends the process with SIGKILL; its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, stopping it first if it runs. */
  restart(): Promise<void>;
  /** Lets it stand still with SIGSTOP: it keeps its connections and answers nothing. */
  pause(): Promise<void>;
  /** Lets it go on after `pause`. */
  resume(): Promise<void>;
}

/** A broker of one's own: it may be killed, cut off and wiped. */
export interface StartedBroker extends Broker, BrokerNode, AsyncDisposable {
  /** Everything the broker writes; removed by `dispose`. */
  readonly folder: string;
  /** From the start of the process until the first request was answered, in milliseconds. */
  readonly startupMs: number;
  /** Lets the broker close every connection of its clients. */
  closeConnections(): Promise<void>;
  /** Deletes everything that clients have created. */
  wipe(): Promise<void>;
}

/** What every broker can be started with. */
export interface StartOptions {
  /**
   * The version or how it begins: `4.0` takes 4.0.5. Default: `REDIS_VERSION`, `RABBITMQ_VERSION` or `KAFKA_VERSION` of
   * the environment, else the newest version that can be had (for Redis: the one that is installed).
   */
  version?: string | undefined;
  /** Port for clients. Default: any free one. */
  port?: number;
  /**
   * Folder of a broker that outlives this process, until `releaseFolder` is called on it. Default: a temporary
   * folder, removed together with the broker when this process ends, however it ends.
   */
  keepIn?: string;
}
