/** The brokers this package knows. */
export type BrokerName = 'redis' | 'rabbitmq' | 'kafka';

export const brokerNames: readonly BrokerName[] = ['redis', 'rabbitmq', 'kafka'];

/** Where a broker came from, in the order in which sources are tried. */
export type BrokerSource = 'environment' | 'installed' | 'container' | 'apt-get' | 'maven';

/** A broker that answers. */
export interface Broker {
  readonly name: BrokerName;
  readonly source: BrokerSource;
  /** What a client takes: `redis://…`, `amqp://…`, or Kafka's bootstrap servers. */
  readonly url: string;
  /** The environment by which a backend finds it, such as `{ REDIS_URL: 'redis://127.0.0.1:20123' }`. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends what was started for the caller; a broker of somebody else stays as it is. */
  dispose(): Promise<void>;
}

/** A broker of one's own: it may be killed, cut off and wiped. */
export interface StartedBroker extends Broker, AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Everything the broker writes; removed by `dispose`. */
  readonly folder: string;
  /** The broker's process; `undefined` while it is stopped. */
  readonly pid: number | undefined;
  /** From the start of the process until the first request was answered, in milliseconds. */
  readonly startupMs: number;
  /** Ends the broker gracefully; its data stay. */
  stop(): Promise<void>;
  /** Ends the broker with SIGKILL; its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, stopping it first if it runs. */
  restart(): Promise<void>;
  /** Lets the broker close every connection of its clients. */
  closeConnections(): Promise<void>;
  /** Deletes everything that clients have created. */
  wipe(): Promise<void>;
}

/** What can be said of every broker before it starts. */
export interface StartOptions {
  /** Port for clients. Default: any free one. */
  port?: number;
  /**
   * Folder of a broker that outlives this process, until `releaseFolder` is called on it. Default: a temporary
   * folder, removed together with the broker when this process ends, however it ends.
   */
  keepIn?: string;
}
